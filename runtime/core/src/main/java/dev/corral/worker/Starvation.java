package dev.corral.worker;

import dev.corral.hotspot.OsThread;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.OptionalLong;

/** Whether threads of a worker could not run because the machine gave them no processor. Belongs to the watchdog's thread. */
final class Starvation {
    /** Share of the time that a thread must have waited. */
    private static final double STARVED = 0.2;

    private IdentityHashMap<Thread, OsThread> known = new IdentityHashMap<>();
    private IdentityHashMap<Thread, Long> before = new IdentityHashMap<>();

    /** Whether one of these platform threads waited for a processor for long since the call before; false at the first one. */
    boolean isAny(Collection<Thread> threads, long elapsedNanos) {
        if (!known.keySet().containsAll(threads)) {
            known = OsThread.of(threads);
        }
        IdentityHashMap<Thread, Long> now = new IdentityHashMap<>();
        boolean any = false;
        for (Thread thread : threads) {
            OsThread task = known.get(thread);
            OptionalLong nanos = task == null ? OptionalLong.empty() : task.starvedNanos();
            if (nanos.isPresent()) {
                now.put(thread, nanos.getAsLong());
                Long last = before.get(thread);
                any |= last != null && nanos.getAsLong() - last > elapsedNanos * STARVED;
            }
        }
        before = now;
        return any;
    }
}
