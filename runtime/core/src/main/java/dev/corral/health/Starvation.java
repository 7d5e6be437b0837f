package dev.corral.health;

import dev.corral.hotspot.OsThread;
import java.util.Collection;
import java.util.IdentityHashMap;

/** Whether threads of a worker could not run because the machine gave them no processor. Belongs to the watchdog's thread. */
final class Starvation {
    /** A thread is considered starved if it has waited for a processor for at least this share of the time. */
    private static final double STARVED = 0.2;
    /** A thread that waits for a processor is not considered starved if it has received at least this share of the time. */
    private static final double FED = 0.5;

    private IdentityHashMap<Thread, OsThread> known = new IdentityHashMap<>();
    private IdentityHashMap<Thread, OsThread.Schedule> before = new IdentityHashMap<>();

    /** Whether one of these platform threads waited for a processor for long since the call before; false at the first one. */
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
     * What a thread waits for a processor is added up by the system only when it gets one. Of one that is still waiting nothing is known
     * but that it wants to run, and how little it did.
     */
    static boolean isStarved(long cpuNanos, long starvedNanos, boolean wantsProcessor, long elapsedNanos) {
        return starvedNanos > elapsedNanos * STARVED || (wantsProcessor && cpuNanos < elapsedNanos * FED);
    }
}
