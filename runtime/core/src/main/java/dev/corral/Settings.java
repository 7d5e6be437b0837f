package dev.corral;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The configuration, as a value. */
record Settings(String name, int workers, int carriers, Map<String, String> env, RestartPolicy restart,
        Supplier<Balancer> balancer, Set<Integer> exclusivePorts, StopPolicy stop, boolean readySignal,
        boolean uncaughtEnds, OutputSink output, List<Consumer<? super ClusterEvent>> listeners,
        Set<Capability> required, boolean shutdownHook) implements ClusterConfig {
    static final int MAX_CARRIERS = 64;
    static final int MAX_PORT = 65_535;

    Settings {
        requireNonNull(restart, "restart");
        requireNonNull(balancer, "balancer");
        requireNonNull(stop, "stop");
        exclusivePorts = Set.copyOf(exclusivePorts);
        for (int port : exclusivePorts) {
            if (port < 0 || port > MAX_PORT) {
                throw new IllegalArgumentException(
                        "an exclusive port is " + port + "; it must be from 0 to " + MAX_PORT);
            }
        }
        requireNonNull(output, "output");
        env = Map.copyOf(env);
        listeners = List.copyOf(listeners);
        required = Set.copyOf(required);
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name is blank; it must have a character");
        }
        if (workers < 0) {
            throw new IllegalArgumentException("workers is " + workers + "; it must be 0 or more");
        }
        if (carriers < 1 || carriers > MAX_CARRIERS) {
            throw new IllegalArgumentException("carriers is " + carriers + "; it must be from 1 to " + MAX_CARRIERS);
        }
    }

    static ClusterConfig defaults(Program program) {
        return new Settings(program.name(), Runtime.getRuntime().availableProcessors(), 1, Map.of(),
                RestartPolicy.DEFAULT, Balancer::roundRobin, Set.of(), StopPolicy.DEFAULT, false, true,
                new PrefixedOutput(program.name()), List.of(),
                Set.of(), true);
    }

    @Override
    public ClusterConfig withName(String name) {
        OutputSink renamed = output instanceof PrefixedOutput ? new PrefixedOutput(name) : output;
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, renamed, listeners,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withWorkers(int workers) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, listeners,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withCarriers(int carriers) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, listeners,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withEnv(Map<String, String> env) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, listeners,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withRestart(RestartPolicy restart) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, listeners,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withBalancer(Supplier<Balancer> balancer) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, listeners, required, shutdownHook);
    }

    @Override
    public ClusterConfig withExclusivePorts(Integer... ports) {
        return new Settings(name, workers, carriers, env, restart, balancer, new HashSet<>(List.of(ports)), stop,
                readySignal,
                uncaughtEnds, output, listeners, required, shutdownHook);
    }

    @Override
    public ClusterConfig withStop(StopPolicy stop) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, listeners,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withReadySignal(boolean explicit) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, explicit,
                uncaughtEnds, output, listeners,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withUncaughtEnds(boolean ends) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal, ends,
                output, listeners, required,
                shutdownHook);
    }

    @Override
    public ClusterConfig withOutput(OutputSink sink) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, sink, listeners,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withListener(Consumer<? super ClusterEvent> listener) {
        List<Consumer<? super ClusterEvent>> more = new ArrayList<>(listeners);
        more.add(requireNonNull(listener, "listener"));
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, more,
                required, shutdownHook);
    }

    @Override
    public ClusterConfig withRequired(Capability... capabilities) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, listeners,
                Set.of(capabilities), shutdownHook);
    }

    @Override
    public ClusterConfig withShutdownHook(boolean hook) {
        return new Settings(name, workers, carriers, env, restart, balancer, exclusivePorts, stop, readySignal,
                uncaughtEnds, output, listeners,
                required, hook);
    }
}
