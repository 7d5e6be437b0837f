package dev.corral.health;

import dev.corral.hotspot.OsThread;
import java.util.Collection;
import java.util.IdentityHashMap;

/**
 * Detects whether threads of a worker could not run because the machine gave them no processor. Used only by the
 * watchdog's thread.
 */
final class Starvation {
    /** A thread is considered starved if it has waited for a processor for at least this share of the time. */
    private static final double STARVED = 0.2;
    /**
     * A thread that waits for a processor is not considered starved if it has received at least this share of the time.
     */
    private static final double FED = 0.5;

    private IdentityHashMap<Thread, OsThread> known = new IdentityHashMap<>();
    private IdentityHashMap<Thread, OsThread.Schedule> before = new IdentityHashMap<>();

    /**
     * Returns whether one of these platform threads has waited long for a processor since the previous call; false at
     * the first call.
     */
    boolean isAny(Collection<Thread> threads, long elapsedNanos) {
        if (!known.keySet().containsAll(threads)) {
            known = OsThread.of(threads);
        }
        IdentityHashMap<Thread, OsThread.Schedule> now = new IdentityHashMap<>();
        boolean any = false;
        for (Thread thread : threads) {
            OsThread task = known.get(thread);
            if (task == null) {
                continue;
            }
            OsThread.Schedule schedule = task.schedule();
            if (schedule != null) {
                now.put(thread, schedule);
                OsThread.Schedule last = before.get(thread);
                any |= last != null && isStarved(schedule.cpuNanos() - last.cpuNanos(),
                        schedule.starvedNanos() - last.starvedNanos(), task.isRunnable(), elapsedNanos);
            }
        }
        before = now;
        return any;
    }

    /**
     * Returns whether a thread is starved. The system counts the time for which a thread waits for a processor only
     * when the thread gets one. Of a thread that still waits, only two things are known: that it wants to run, and how
     * little it ran.
     */
    static boolean isStarved(long cpuNanos, long starvedNanos, boolean wantsProcessor, long elapsedNanos) {
        return starvedNanos > elapsedNanos * STARVED || (wantsProcessor && cpuNanos < elapsedNanos * FED);
    }
}
