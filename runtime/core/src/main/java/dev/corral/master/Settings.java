package dev.corral.master;

import static java.util.Objects.requireNonNull;

import dev.corral.Balancer;
import dev.corral.Capability;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.HeartbeatPolicy;
import dev.corral.MemoryPolicy;
import dev.corral.OutputSink;
import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.text.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The configuration. Immutable: {@code values} is changed by nobody once a constructor has returned. */
public final class Settings implements ClusterConfig {
    static final int MAX_WORKERS = 10_000;
    static final int MAX_CARRIERS = 64;
    static final int MAX_PORT = 65_535;
    static final int MAX_MAILBOX = 1 << 20;
    private static final long HEAP_OF_VIRTUAL_BYTES = 8192;
    private static final int LEAST_VIRTUAL = 10_000;

    private final Values values;

    private Settings(Values values) {
        this.values = values;
    }

    /** All settings, with their defaults. */
    private static final class Values implements Cloneable {
        String name;
        int workers = Runtime.getRuntime().availableProcessors();
        int carriers = 1;
        Map<String, String> env = Map.of();
        RestartPolicy restart = RestartPolicy.DEFAULT;
        HeartbeatPolicy heartbeat = HeartbeatPolicy.DEFAULT;
        boolean asyncStop = true;
        boolean eventLog = true;
        boolean selfOpening = true;
        Supplier<Balancer> balancer = Balancer::roundRobin;
        Set<Integer> exclusivePorts = Set.of();
        MemoryPolicy memory = MemoryPolicy.DEFAULT;
        boolean liveBytes = true;
        int maxPlatformThreads = 4000;
        int maxVirtualThreads =
                Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_OF_VIRTUAL_BYTES, LEAST_VIRTUAL, Integer.MAX_VALUE);
        StopPolicy stop = StopPolicy.DEFAULT;
        ReloadPolicy reload = ReloadPolicy.DEFAULT;
        boolean reloadSignal;
        boolean readySignal;
        boolean uncaughtEnds = true;
        int mailbox = 1024;
        OutputSink output;
        List<Consumer<? super ClusterEvent>> listeners = List.of();
        Set<Capability> required = Set.of();
        boolean shutdownHook = true;

        Values(String name) {
            this.name = name;
            this.output = new PrefixedOutput(name);
        }

        Values copy() {
            try {
                return (Values) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    public static ClusterConfig defaults(Program program) {
        return new Settings(new Values(program.name()));
    }

    private ClusterConfig with(Consumer<Values> change) {
        Values copy = values.copy();
        change.accept(copy);
        return new Settings(copy);
    }

    @Override
    public ClusterConfig withName(String name) {
        if (requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name is blank; it must have a character");
        }
        return with(v -> {
            v.name = name;
            v.output = v.output instanceof PrefixedOutput ? new PrefixedOutput(name) : v.output;
        });
    }

    @Override
    public ClusterConfig withWorkers(int workers) {
        int checked = Checks.check("the number of workers", workers, 0, MAX_WORKERS);
        return with(v -> v.workers = checked);
    }

    @Override
    public ClusterConfig withCarriers(int carriers) {
        int checked = Checks.check("the number of carriers", carriers, 1, MAX_CARRIERS);
        return with(v -> v.carriers = checked);
    }

    @Override
    public ClusterConfig withEnv(Map<String, String> env) {
        Map<String, String> copy = Map.copyOf(requireNonNull(env, "env"));
        copy.forEach(Settings::requireVariable);
        return with(v -> v.env = copy);
    }

    private static void requireVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("\"" + name
                    + "\" cannot be set in the environment; a name must have a character and no =, and neither a name "
                    + "nor a value may contain the character 0");
        }
    }

    @Override
    public ClusterConfig withRestart(RestartPolicy policy) {
        requireNonNull(policy, "policy");
        return with(v -> v.restart = policy);
    }

    @Override
    public ClusterConfig withHeartbeat(HeartbeatPolicy policy) {
        requireNonNull(policy, "policy");
        return with(v -> v.heartbeat = policy);
    }

    @Override
    public ClusterConfig withAsyncStop(boolean stop) {
        return with(v -> v.asyncStop = stop);
    }

    @Override
    public ClusterConfig withEventLog(boolean log) {
        return with(v -> v.eventLog = log);
    }

    @Override
    public ClusterConfig withSelfOpening(boolean open) {
        return with(v -> v.selfOpening = open);
    }

    @Override
    public ClusterConfig withBalancer(Supplier<Balancer> balancer) {
        requireNonNull(balancer, "balancer");
        return with(v -> v.balancer = balancer);
    }

    @Override
    public ClusterConfig withExclusivePorts(Integer... ports) {
        Set<Integer> copy = Set.copyOf(Checks.elements("ports", ports));
        copy.forEach(port -> Checks.check("an exclusive port", port, 0, MAX_PORT));
        return with(v -> v.exclusivePorts = copy);
    }

    @Override
    public ClusterConfig withMemory(MemoryPolicy policy) {
        requireNonNull(policy, "policy");
        return with(v -> v.memory = policy);
    }

    @Override
    public ClusterConfig withLiveBytes(boolean estimate) {
        return with(v -> v.liveBytes = estimate);
    }

    @Override
    public ClusterConfig withMaxThreads(int platform, int virtual) {
        requireThreads("platform", platform);
        requireThreads("virtual", virtual);
        return with(v -> {
            v.maxPlatformThreads = platform;
            v.maxVirtualThreads = virtual;
        });
    }

    private static void requireThreads(String kind, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "at most " + threads + " " + kind + " threads are allowed; it must be 1 or more");
        }
    }

    @Override
    public ClusterConfig withStop(StopPolicy policy) {
        requireNonNull(policy, "policy");
        return with(v -> v.stop = policy);
    }

    @Override
    public ClusterConfig withReload(ReloadPolicy policy) {
        requireNonNull(policy, "policy");
        return with(v -> v.reload = policy);
    }

    @Override
    public ClusterConfig withReloadSignal(boolean reload) {
        return with(v -> v.reloadSignal = reload);
    }

    @Override
    public ClusterConfig withReadySignal(boolean explicit) {
        return with(v -> v.readySignal = explicit);
    }

    @Override
    public ClusterConfig withUncaughtEnds(boolean ends) {
        return with(v -> v.uncaughtEnds = ends);
    }

    @Override
    public ClusterConfig withMailbox(int capacity) {
        Checks.check("the capacity of a mailbox", capacity, 2, MAX_MAILBOX);
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "the capacity of a mailbox is " + capacity + "; it must be a power of two");
        }
        return with(v -> v.mailbox = capacity);
    }

    @Override
    public ClusterConfig withOutput(OutputSink sink) {
        requireNonNull(sink, "sink");
        return with(v -> v.output = sink);
    }

    @Override
    public ClusterConfig withListener(Consumer<? super ClusterEvent> listener) {
        requireNonNull(listener, "listener");
        List<Consumer<? super ClusterEvent>> more = new ArrayList<>(values.listeners);
        more.add(listener);
        List<Consumer<? super ClusterEvent>> copy = List.copyOf(more);
        return with(v -> v.listeners = copy);
    }

    @Override
    public ClusterConfig withRequired(Capability... capabilities) {
        Set<Capability> copy = Set.copyOf(Checks.elements("capabilities", capabilities));
        return with(v -> v.required = copy);
    }

    @Override
    public ClusterConfig withShutdownHook(boolean hook) {
        return with(v -> v.shutdownHook = hook);
    }

    @Override
    public String name() {
        return values.name;
    }

    @Override
    public int workers() {
        return values.workers;
    }

    @Override
    public int carriers() {
        return values.carriers;
    }

    @Override
    public Map<String, String> env() {
        return values.env;
    }

    @Override
    public RestartPolicy restart() {
        return values.restart;
    }

    @Override
    public HeartbeatPolicy heartbeat() {
        return values.heartbeat;
    }

    @Override
    public boolean asyncStop() {
        return values.asyncStop;
    }

    @Override
    public boolean eventLog() {
        return values.eventLog;
    }

    @Override
    public boolean selfOpening() {
        return values.selfOpening;
    }

    @Override
    public Supplier<Balancer> balancer() {
        return values.balancer;
    }

    @Override
    public Set<Integer> exclusivePorts() {
        return values.exclusivePorts;
    }

    @Override
    public MemoryPolicy memory() {
        return values.memory;
    }

    @Override
    public boolean liveBytes() {
        return values.liveBytes;
    }

    @Override
    public int maxPlatformThreads() {
        return values.maxPlatformThreads;
    }

    @Override
    public int maxVirtualThreads() {
        return values.maxVirtualThreads;
    }

    @Override
    public StopPolicy stop() {
        return values.stop;
    }

    @Override
    public ReloadPolicy reload() {
        return values.reload;
    }

    @Override
    public boolean reloadSignal() {
        return values.reloadSignal;
    }

    @Override
    public boolean readySignal() {
        return values.readySignal;
    }

    @Override
    public boolean uncaughtEnds() {
        return values.uncaughtEnds;
    }

    @Override
    public int mailbox() {
        return values.mailbox;
    }

    @Override
    public OutputSink output() {
        return values.output;
    }

    @Override
    public List<Consumer<? super ClusterEvent>> listeners() {
        return values.listeners;
    }

    @Override
    public Set<Capability> required() {
        return values.required;
    }

    @Override
    public boolean shutdownHook() {
        return values.shutdownHook;
    }
}
