package dev.corral.worker;

import dev.corral.hotspot.OsThread;
import java.util.Collection;
import java.util.IdentityHashMap;

/** Whether threads of a worker could not run because the machine gave them no processor. Belongs to the watchdog's thread. */
final class Starvation {
    /** Share of the time that a thread must have waited. */
    private static final double STARVED = 0.2;

    private IdentityHashMap<Thread, OsThread> known = new IdentityHashMap<>();
    private IdentityHashMap<Thread, OsThread.Schedule> before = new IdentityHashMap<>();

    /**
     * Whether one of these platform threads waited for a processor for long since the call before; false at the first one. The system
     * adds a wait up when it is over, so one that is runnable and has hardly run waits as well.
     */
    boolean isAny(Collection<Thread> threads, long elapsedNanos) {
        if (!known.keySet().containsAll(threads)) {
            known = OsThread.of(threads);
        }
        IdentityHashMap<Thread, OsThread.Schedule> now = new IdentityHashMap<>();
        double share = elapsedNanos * STARVED;
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
                any |= last != null && (schedule.starvedNanos() - last.starvedNanos() > share
                        || (schedule.cpuNanos() - last.cpuNanos() < share && task.isRunnable()));
            }
        }
        before = now;
        return any;
    }
}
