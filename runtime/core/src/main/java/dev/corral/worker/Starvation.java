package dev.corral.worker;

import dev.corral.hotspot.OsThread;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.OptionalLong;

/** Whether threads of a worker could not run because the machine gave them no processor. Belongs to the watchdog's thread. */
final class Starvation {
    /** Share of the time that a thread must have waited. */
    private static final double STARVED = 0.2;
    /** Share of the time that one which still waits for a processor must have had to be none that the machine starves. */
    private static final double FED = 0.5;

    private IdentityHashMap<Thread, OsThread> known = new IdentityHashMap<>();
    private IdentityHashMap<Thread, Times> before = new IdentityHashMap<>();

    /** Of one thread so far. */
    private record Times(long cpuNanos, long starvedNanos) {}

    /** Whether one of these platform threads waited for a processor for long since the call before; false at the first one. */
    boolean isAny(Collection<Thread> threads, long elapsedNanos) {
        if (!known.keySet().containsAll(threads)) {
            known = OsThread.of(threads);
        }
        IdentityHashMap<Thread, Times> now = new IdentityHashMap<>();
        boolean any = false;
        for (Thread thread : threads) {
            OsThread task = known.get(thread);
            OptionalLong cpu = task == null ? OptionalLong.empty() : task.cpuNanos();
            OptionalLong starved = task == null ? OptionalLong.empty() : task.starvedNanos();
            if (task != null && cpu.isPresent() && starved.isPresent()) {
                Times times = new Times(cpu.getAsLong(), starved.getAsLong());
                now.put(thread, times);
                Times last = before.get(thread);
                any |= last != null && isStarved(times.cpuNanos - last.cpuNanos,
                        times.starvedNanos - last.starvedNanos, task.isRunnable(), elapsedNanos);
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
