package dev.corral.worker;

import dev.corral.Capability;
import dev.corral.ClusterConfig;
import dev.corral.CorralException;
import dev.corral.Inspection;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.carrier.Scheduler;
import dev.corral.carrier.ThreadUsage;
import dev.corral.carrier.VirtualThreads;
import dev.corral.guard.MemoryGuard;
import dev.corral.health.Watchdog;
import dev.corral.hotspot.AsyncStop;
import dev.corral.hotspot.SuspendSignal;
import dev.corral.isolate.Agent;
import dev.corral.isolate.Inspector;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.Owner;
import dev.corral.isolate.ProgramCode;
import dev.corral.isolate.ProgramTypes;
import dev.corral.mailbox.MessageHub;
import dev.corral.memory.LiveBytes;
import dev.corral.port.Ports;
import dev.corral.port.SharedSelectorProvider;
import dev.corral.port.WorkerPorts;
import dev.corral.portable.Types;
import dev.corral.reap.Reaper;
import dev.corral.redirect.catalogue.JvmWide;
import dev.corral.redirect.stdio.OutputPumps;
import dev.corral.report.Reports;
import dev.corral.thread.ServiceThreads;
import java.time.Duration;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Incarnations in isolates of this JVM. */
public final class IsolatedIncarnations implements Incarnations {
    private static final Set<Capability> CAPABILITIES = prepareJvm();

    private final ClusterConfig config;
    private final MessageHub post;
    private final Ports ports;
    private final Watchdog watch;
    private final MemoryGuard memory;
    private final OutputPumps output;
    /** By identity. Owned by the master's thread. */
    private final IdentityHashMap<Program, ProgramCode> codes = new IdentityHashMap<>();

    /**
     * For the cluster with this configuration; to be closed.
     *
     * @param master the loader of the embedding program
     */
    public IsolatedIncarnations(ClusterConfig config, ClassLoader master) {
        if (config.memory().maxLiveBytes().isPresent() && !LiveBytes.awaitReady()) {
            throw new CorralException("workers of " + config.name()
                    + " have a limit of live bytes, which cannot be known while another agent of this JVM samples allocations");
        }
        if (config.liveBytes()) {
            LiveBytes.prepare();
        }
        this.config = config;
        this.post = new MessageHub(config.name(), config.mailbox(), new Types(ProgramTypes.ofMaster(master)));
        this.ports = new Ports(config.name(), config.balancer(), config.exclusivePorts());
        this.watch = new Watchdog(config.name(), config.heartbeat());
        this.memory = new MemoryGuard(config.name(), config.memory());
        this.output = new OutputPumps(config.name());
        JvmWide.use(Owner::redirects);
    }

    /** What this program's code is. */
    public static Inspection inspect(Program program) {
        return Inspector.inspect(program);
    }

    /** What this JVM, with its flags, can do. */
    public static Set<Capability> capabilities() {
        return EnumSet.copyOf(CAPABILITIES);
    }

    /** The worker that the current thread belongs to, seen from inside. */
    public static Optional<WorkerContext> contextOfThisThread() {
        return Optional.ofNullable(Owner.current()).map(Isolate::context);
    }

    /**
     * Once, before the first worker: what the JDK starts at its first use and keeps must not be started by a worker's
     * thread, whose group, context class loader or scheduler it would keep as well.
     */
    private static Set<Capability> prepareJvm() {
        var present = EnumSet.noneOf(Capability.class);
        Owner.useCarriers(Scheduler::ownerOf);
        startPollers();
        // starts its timer thread
        ServiceThreads.executeSoon(task -> {
            var _ = ForkJoinPool.commonPool().schedule(task, 0, TimeUnit.NANOSECONDS);
        }, () -> {});
        var _ = ThreadUsage.of(Thread.currentThread()); // loads what it takes
        if (VirtualThreads.haveOwnScheduler()) {
            present.add(Capability.OWN_SCHEDULER);
        }
        if (SharedSelectorProvider.install(IsolatedIncarnations::portsOfCurrentThread)) {
            present.add(Capability.SHARED_NIO_PORTS);
        }
        if (Reaper.hasAllMeans()) {
            present.add(Capability.THREAD_TEARDOWN);
        }
        if (AsyncStop.isPossible()) {
            present.add(Capability.ASYNC_STOP);
        }
        if (LiveBytes.isPossible()) {
            present.add(Capability.LIVE_BYTES);
        }
        if (Agent.isPresent()) {
            present.add(Capability.LATE_WEAVING);
        }
        if (SuspendSignal.isMovedAway()) {
            present.add(Capability.RELOAD_SIGNAL);
        }
        return present;
    }

    /**
     * The JDK's socket pollers are, on Linux, virtual threads that inherit the scheduler of whoever first uses a socket; in a
     * worker that would let one spin stop all socket I/O of the JVM. Started here they are platform threads or, where the JVM
     * has set its mind on virtual ones, virtual threads of the JVM's own scheduler.
     */
    private static void startPollers() {
        if (System.getProperty("jdk.pollerMode") == null) {
            System.setProperty("jdk.pollerMode", "1");
        }
        try {
            Class.forName("sun.nio.ch.Poller", true, null);
        } catch (ClassNotFoundException e) {
            // a JDK that does it in another way
        }
    }

    private static @Nullable WorkerPorts portsOfCurrentThread() {
        Isolate isolate = Owner.current();
        return isolate != null && isolate.context() instanceof Context context ? context.ports() : null;
    }

    @Override
    public IsolatedIncarnation create(Worker worker, Program program, Map<String, String> env, Reports reports) {
        ProgramCode code = codes.computeIfAbsent(program, ProgramCode::new);
        return new IsolatedIncarnation(worker, config, code, post, ports, watch, memory, output, env, reports);
    }

    @Override
    public MessageHub post() {
        return post;
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
