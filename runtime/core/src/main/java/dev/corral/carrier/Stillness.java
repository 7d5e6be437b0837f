package dev.corral.carrier;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decides whether one carrier stands still: it has been inside the same task, with others waiting, and it waits for
 * something, or has burnt next to no CPU. A task that computes is not standing still, however long it takes.
 *
 * <p>A machine that gives a runnable carrier no CPU for as long looks the same; the spare that follows does no harm. Holds
 * the observations of the watch thread; not thread-safe.
 */
final class Stillness {
    /** For a carrier that waits: a park or a lock shorter than this is everyday. */
    static final long WAITING_NANOS = Duration.ofMillis(10).toNanos();
    /** For one that is runnable as far as Java knows, as it is in a system call. */
    static final long RUNNABLE_NANOS = Duration.ofMillis(20).toNanos();
    /** Share of the time that a task which computes gets at least, even on a busy machine. */
    static final double COMPUTING = 0.05;

    /** What a look says. */
    enum Finding {
        MOVING, SUSPICIOUS, STILL
    }

    private long position;
    private boolean suspected;
    private boolean measured;
    private long sinceNanos;
    private long sinceCpuNanos;

    /**
     * One look at the carrier.
     *
     * @param position odd inside a task, raised at each boundary
     * @param othersWait whether the run queue holds tasks
     * @param state of its thread; asked only from the second look on
     * @param cpuNanos that the carrier has burnt, or negative if that cannot be known; asked only from the second look on
     */
    Finding look(long position, boolean othersWait, Supplier<Thread.State> state,
            LongSupplier cpuNanos, long nowNanos) {
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
        if (measured && cpuNow >= 0 && cpuNow - sinceCpuNanos <= elapsedNanos * COMPUTING) {
            return still();
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
