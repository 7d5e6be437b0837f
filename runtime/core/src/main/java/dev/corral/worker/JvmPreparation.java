package dev.corral.worker;

import dev.corral.Capability;
import dev.corral.carrier.Scheduler;
import dev.corral.carrier.ThreadUsage;
import dev.corral.carrier.VirtualThreads;
import dev.corral.hotspot.AsyncStop;
import dev.corral.hotspot.JdkOpenings;
import dev.corral.hotspot.SelfOpening;
import dev.corral.hotspot.SuspendSignal;
import dev.corral.isolate.Agent;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.Owner;
import dev.corral.jdk.JdkInternal;
import dev.corral.memory.LiveBytes;
import dev.corral.port.SharedSelectorProvider;
import dev.corral.port.WorkerPorts;
import dev.corral.reap.Reaper;
import dev.corral.thread.ServiceThreads;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the JVM, once, before the first worker. The JDK starts some threads at their first use and keeps them. If a
 * worker's thread started them, they would keep its group, its context class loader or its scheduler. Thread-safe.
 */
final class JvmPreparation {
    /** The capabilities of this JVM; null until it is prepared. Guarded by the class. */
    private static @Nullable Set<Capability> capabilities;

    private JvmPreparation() {}

    /**
     * Prepares the JVM if this was not done before, and returns its capabilities.
     *
     * @param selfOpening whether Corral may open packages of the JDK to itself; only the first call decides
     */
    static synchronized Set<Capability> capabilities(boolean selfOpening) {
        if (capabilities == null) {
            open(selfOpening); // first, because many classes look once whether a package is open
            capabilities = prepare();
        }
        return EnumSet.copyOf(capabilities);
    }

    private static void open(boolean selfOpening) {
        if (Agent.isPresent()) {
            Agent.open(JdkOpenings.missing());
        }
        if (selfOpening) {
            SelfOpening.open();
        }
    }

    private static Set<Capability> prepare() {
        var present = EnumSet.noneOf(Capability.class);
        JvmInternals.lookUpFunctions();
        Owner.useCarriers(Scheduler::ownerOf);
        startPollers();
        // Starts the timer thread of the common pool.
        ServiceThreads.executeSoon(task -> {
            var _ = ForkJoinPool.commonPool().schedule(task, 0, TimeUnit.NANOSECONDS);
        }, () -> {});
        var _ = ThreadUsage.of(Thread.currentThread()); // loads the classes that it needs
        for (Capability each : Capability.values()) {
            if (isPresent(each)) {
                present.add(each);
            }
        }
        return present;
    }

    private static boolean isPresent(Capability capability) {
        return switch (capability) {
            case OWN_SCHEDULER -> VirtualThreads.haveOwnScheduler();
            case SHARED_NIO_PORTS -> SharedSelectorProvider.install(JvmPreparation::portsOfCurrentThread);
            case THREAD_TEARDOWN -> Reaper.hasAllMeans();
            case ASYNC_STOP -> AsyncStop.isPossible();
            case LIVE_BYTES -> LiveBytes.isPossible();
            case LATE_WEAVING -> Agent.isPresent();
            case RELOAD_SIGNAL -> SuspendSignal.isMovedAway();
        };
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
        JdkInternal.POLLER.initialize();
    }

    private static @Nullable WorkerPorts portsOfCurrentThread() {
        Isolate isolate = Owner.current();
        return isolate != null && isolate.context() instanceof Context context ? context.ports() : null;
    }
}
