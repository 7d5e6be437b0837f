package dev.corral.worker;

import dev.corral.Capability;
import dev.corral.ClusterConfig;
import dev.corral.CorralException;
import dev.corral.Inspection;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.guard.MemoryGuard;
import dev.corral.health.Watchdog;
import dev.corral.isolate.Inspector;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.Owner;
import dev.corral.isolate.ProgramCode;
import dev.corral.isolate.ProgramTypes;
import dev.corral.mailbox.MessageHub;
import dev.corral.memory.LiveBytes;
import dev.corral.port.Ports;
import dev.corral.portable.Types;
import dev.corral.redirect.catalogue.JvmWide;
import dev.corral.redirect.exit.RecentFailures;
import dev.corral.redirect.stdio.OutputPumps;
import dev.corral.report.Reports;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates incarnations in isolates of this JVM. */
public final class IsolatedIncarnations implements Incarnations {
    private final ClusterConfig config;
    private final MessageHub hub;
    private final Ports ports;
    private final Watchdog watch;
    private final MemoryGuard memory;
    private final OutputPumps output;
    private final RecentFailures recentFailures = new RecentFailures();
    /** The code of each program, by identity. Used by the master's thread only. */
    private final IdentityHashMap<Program, ProgramCode> codes = new IdentityHashMap<>();

    /**
     * Opens the resources of a cluster, until {@link #close}.
     *
     * @param master the class loader of the embedding program
     */
    public IsolatedIncarnations(ClusterConfig config, ClassLoader master) {
        var _ = capabilities(config.selfOpening());
        if (config.memory().maxLiveBytes().isPresent() && !LiveBytes.awaitReady()) {
            throw new CorralException("workers of " + config.name()
                    + " have a limit of live bytes, which cannot be known while another agent of this JVM samples allocations");
        }
        if (config.liveBytes()) {
            LiveBytes.prepare();
        }
        JvmInternals.logLosses();
        this.config = config;
        this.hub = new MessageHub(config.name(), config.mailbox(), new Types(ProgramTypes.ofMaster(master)));
        this.ports = new Ports(config.name(), config.balancer(), config.exclusivePorts());
        this.watch = new Watchdog(config.name(), config.heartbeat());
        this.memory = new MemoryGuard(config.name(), config.memory());
        this.output = new OutputPumps(config.name());
        JvmWide.use(Owner::redirects);
    }

    /** Returns what is known of a program's code before it runs. */
    public static Inspection inspect(Program program) {
        var _ = capabilities(true);
        return Inspector.inspect(program);
    }

    /**
     * Returns the capabilities of this JVM. The first call prepares the JVM.
     *
     * @param selfOpening whether Corral may open packages of the JDK to itself; only the first call decides
     */
    public static Set<Capability> capabilities(boolean selfOpening) {
        return JvmPreparation.capabilities(selfOpening);
    }

    /** Returns what a capability needs and this JVM does not have, whatever its flags; empty if it has all. */
    public static String missing(Capability capability) {
        return JvmInternals.missing(capability);
    }

    /** Returns what this JVM has of the parts of the JDK that are not public, one line for each. */
    public static List<String> internals() {
        var _ = capabilities(true);
        return JvmInternals.lines();
    }

    /** Returns the context of the worker that the current thread belongs to; empty in the master. */
    public static Optional<WorkerContext> contextOfThisThread() {
        return Optional.ofNullable(Owner.current()).map(Isolate::context);
    }

    @Override
    public IsolatedIncarnation create(Worker worker, Program program, Map<String, String> env, Reports reports) {
        ProgramCode code = codes.computeIfAbsent(program, ProgramCode::new);
        return new IsolatedIncarnation(worker, config, code, hub, ports, watch, memory, output, recentFailures, env,
                reports);
    }

    @Override
    public MessageHub messageHub() {
        return hub;
    }

    @Override
    public void forgetAllBut(Program program) {
        codes.keySet().removeIf(other -> other != program);
    }

    @Override
    public void closeUnusedPorts() {
        ports.closeUnused();
    }

    @Override
    public void suspendPorts() {
        ports.suspend();
    }

    @Override
    public void closePorts() {
        ports.finish();
    }

    @Override
    public boolean awaitOutput(Duration atMost) throws InterruptedException {
        return output.await(atMost);
    }

    @Override
    public void close() {
        output.close();
        watch.close();
        memory.close();
        ports.close();
        JvmWide.release();
    }
}
