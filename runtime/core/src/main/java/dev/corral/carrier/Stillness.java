package dev.corral.carrier;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A decision whether one carrier stands still: it is inside the same task as before, other tasks wait, and its thread
 * either waits for something or has used next to no CPU time. A task that computes does not stand still, however long
 * it takes, and neither does one that would compute if a busy machine gave it a processor.
 *
 * <p>Holds the observations of the watch thread. Not thread-safe.
 */
final class Stillness {
    /** How long a carrier whose thread waits must stand still. A shorter park or lock is normal. */
    static final long WAITING_NANOS = Duration.ofMillis(10).toNanos();
    /** How long a carrier whose thread is runnable must stand still. Java calls a thread in a system call runnable. */
    static final long RUNNABLE_NANOS = Duration.ofMillis(20).toNanos();
    /** A task that has run for less than this fraction of the time may stand still. */
    static final double COMPUTING = 0.05;

    /** The result of a check. */
    enum Finding {
        MOVING, SUSPICIOUS, STILL
    }

    private long position;
    private boolean suspected;
    private boolean measured;
    private long sinceNanos;
    private long sinceCpuNanos;

    /**
     * Checks the carrier once.
     *
     * @param position odd inside a task, incremented at each boundary of a task
     * @param othersWait whether the run queue holds tasks
     * @param state returns the state of the carrier's thread; called from the second check on
     * @param cpuNanos returns the CPU time of the thread, or a negative number if it is not known; called from the
     *        second check on
     * @param wantsProcessor returns whether the thread would run if it had a processor; false if it is not known.
     *        Called before a carrier whose thread is runnable is found to stand still
     * @param nowNanos the time of the check, as of {@link System#nanoTime}
     */
    Finding check(long position, boolean othersWait, Supplier<Thread.State> state,
            LongSupplier cpuNanos, BooleanSupplier wantsProcessor, long nowNanos) {
        boolean insideTask = (position & 1) == 1;
        if (!insideTask || !othersWait) {
            suspected = false;
            return Finding.MOVING;
        }
        if (!suspected || position != this.position) {
            this.position = position;
            suspected = true;
            measured = false;
            sinceNanos = nowNanos;
            return Finding.SUSPICIOUS;
        }
        long elapsedNanos = nowNanos - sinceNanos;
        if (state.get() != Thread.State.RUNNABLE) {
            return elapsedNanos >= WAITING_NANOS ? still() : Finding.SUSPICIOUS;
        }
        if (measured && elapsedNanos < RUNNABLE_NANOS) {
            return Finding.SUSPICIOUS;
        }
        long cpuNow = cpuNanos.getAsLong();
        boolean hasRun = cpuNow < 0 || cpuNow - sinceCpuNanos > elapsedNanos * COMPUTING;
        if (measured && !hasRun && !wantsProcessor.getAsBoolean() && cpuNanos.getAsLong() == cpuNow) {
            return still(); // and it has not begun to run during this check either
        }
        measured = true;
        sinceNanos = nowNanos;
        sinceCpuNanos = cpuNow;
        return Finding.SUSPICIOUS;
    }

    private Finding still() {
        suspected = false;
        return Finding.STILL;
    }
}
