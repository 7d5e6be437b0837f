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

/** Creates incarnations in isolates of this JVM. */
public final class IsolatedIncarnations implements Incarnations {
    private static final Set<Capability> CAPABILITIES = prepareJvm();

    private final ClusterConfig config;
    private final MessageHub hub;
    private final Ports ports;
    private final Watchdog watch;
    private final MemoryGuard memory;
    private final OutputPumps output;
    /** The code of each program, by identity. Used by the master's thread only. */
    private final IdentityHashMap<Program, ProgramCode> codes = new IdentityHashMap<>();

    /**
     * Opens the resources of a cluster, until {@link #close}.
     *
     * @param master the class loader of the embedding program
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
        this.hub = new MessageHub(config.name(), config.mailbox(), new Types(ProgramTypes.ofMaster(master)));
        this.ports = new Ports(config.name(), config.balancer(), config.exclusivePorts());
        this.watch = new Watchdog(config.name(), config.heartbeat());
        this.memory = new MemoryGuard(config.name(), config.memory());
        this.output = new OutputPumps(config.name());
        JvmWide.use(Owner::redirects);
    }

    /** Returns what is known of a program's code before it runs. */
    public static Inspection inspect(Program program) {
        return Inspector.inspect(program);
    }

    /** Returns the capabilities of this JVM with its flags. */
    public static Set<Capability> capabilities() {
        return EnumSet.copyOf(CAPABILITIES);
    }

    /** Returns the context of the worker that the current thread belongs to; empty in the master. */
    public static Optional<WorkerContext> contextOfThisThread() {
        return Optional.ofNullable(Owner.current()).map(Isolate::context);
    }

    /**
     * Prepares the JVM, once, before the first worker. The JDK starts some threads at their first use and keeps them.
     * If a worker's thread started them, they would keep its group, its context class loader or its scheduler.
     */
    private static Set<Capability> prepareJvm() {
        var present = EnumSet.noneOf(Capability.class);
        Owner.useCarriers(Scheduler::ownerOf);
        startPollers();
        // Starts the timer thread of the common pool.
        ServiceThreads.executeSoon(task -> {
            var _ = ForkJoinPool.commonPool().schedule(task, 0, TimeUnit.NANOSECONDS);
        }, () -> {});
        var _ = ThreadUsage.of(Thread.currentThread()); // loads the classes that it needs
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
     * Starts the JDK's socket pollers. On Linux they are virtual threads that inherit the scheduler of the thread that
     * uses a socket first. If that were a worker's thread, one spinning thread could stop all socket I/O of the JVM.
     * Started here, they are platform threads. If the JVM was configured for virtual ones, they are virtual threads of
     * the JVM's own scheduler.
     */
    private static void startPollers() {
        if (System.getProperty("jdk.pollerMode") == null) {
            System.setProperty("jdk.pollerMode", "1");
        }
        try {
            Class.forName("sun.nio.ch.Poller", true, null);
        } catch (ClassNotFoundException e) {
            // another JDK, with other internals
        }
    }

    private static @Nullable WorkerPorts portsOfCurrentThread() {
        Isolate isolate = Owner.current();
        return isolate != null && isolate.context() instanceof Context context ? context.ports() : null;
    }

    @Override
    public IsolatedIncarnation create(Worker worker, Program program, Map<String, String> env, Reports reports) {
        ProgramCode code = codes.computeIfAbsent(program, ProgramCode::new);
        return new IsolatedIncarnation(worker, config, code, hub, ports, watch, memory, output, env, reports);
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
