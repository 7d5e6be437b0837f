package dev.corral.carrier;

import dev.corral.hotspot.OsThread;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThread;
import dev.corral.thread.ServiceThreads;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * A check of all carriers of this JVM, on one daemon thread. It replaces carriers that stand still while tasks wait for
 * them. It runs every 50 ms, and every 10 ms while a carrier is under suspicion.
 */
final class CarrierWatch {
    private static final long CALM_NANOS = Duration.ofMillis(50).toNanos();
    private static final long SUSPICIOUS_NANOS = Duration.ofMillis(10).toNanos();
    private static final Log LOG = Log.get();
    private static final List<Scheduler> SCHEDULERS = new CopyOnWriteArrayList<>();

    private CarrierWatch() {}

    /** The thread, started at the first use of a scheduler. */
    private static final class Holder {
        static final ServiceThread THREAD = new ServiceThread("", "corral-carrier-watch", CarrierWatch::run);
    }

    static void add(Scheduler scheduler) {
        SCHEDULERS.add(scheduler);
        Holder.THREAD.startSoon();
        Holder.THREAD.wake();
    }

    static void remove(Scheduler scheduler) {
        SCHEDULERS.remove(scheduler);
    }

    private static void run() {
        long lastNanos = System.nanoTime();
        while (true) {
            Holder.THREAD.busy();
            if (SCHEDULERS.isEmpty()) {
                Holder.THREAD.idle();
                LockSupport.park(SCHEDULERS);
                continue;
            }
            ServiceThreads.superviseAll();
            boolean suspicious = false;
            long nowNanos = System.nanoTime();
            for (Scheduler scheduler : SCHEDULERS) {
                try {
                    suspicious |= check(scheduler, nowNanos, nowNanos - lastNanos);
                } catch (RuntimeException | Error e) { // no thread for a spare, or no memory
                    LOG.failed("cannot check the carriers of a worker", e);
                }
            }
            lastNanos = nowNanos;
            Holder.THREAD.idle();
            LockSupport.parkNanos(SCHEDULERS, suspicious ? SUSPICIOUS_NANOS : CALM_NANOS);
        }
    }

    /** Checks the carriers of one scheduler; true if one of them is under suspicion. */
    private static boolean check(Scheduler scheduler, long nowNanos, long sinceLastNanos) {
        boolean suspicious = false;
        int inside = 0;
        for (Carrier carrier : scheduler.active()) {
            Thread thread = carrier.thread();
            if (thread == null) {
                continue; // it has not begun
            }
            if (!thread.isAlive()) {
                scheduler.replaceEnded(carrier);
                continue;
            }
            long position = carrier.position();
            inside += (int) (position & 1);
            Stillness.Finding finding = carrier.stillness.check(position, !scheduler.isEmpty(),
                    thread::getState, () -> cpuNanos(thread), () -> wantsProcessor(thread), nowNanos);
            switch (finding) {
                case MOVING -> {
                }
                case SUSPICIOUS -> suspicious = true;
                case STILL -> scheduler.relieve(carrier);
            }
        }
        scheduler.recordBusy(inside, sinceLastNanos);
        return suspicious;
    }

    private static long cpuNanos(Thread thread) {
        return Cpu.THREADS.getThreadCpuTime(thread.threadId());
    }

    private static boolean wantsProcessor(Thread thread) {
        OsThread task = OsThread.of(thread);
        return task != null && task.isRunnable();
    }

    /** Loaded at the first suspicion, to keep the start short. */
    private static final class Cpu {
        static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    }
}
