package dev.corral.queue;

import java.util.function.BooleanSupplier;

/**
 * A spin-then-park policy: how long a thread checks a condition again and again before it parks. The time is up to 50
 * microseconds where spinning has succeeded lately, and almost always zero where it has not. To wake a parked thread
 * takes longer than most messages, and costs the waking thread nearly as much. Between two checks the thread yields, so
 * that a virtual thread leaves its carrier to others.
 *
 * <p>Two threads that answer each other are both slow as long as both park. So one of 32 waits spins for the whole
 * time, which is long enough to wake the other thread. This costs less than two microseconds per wait on average.
 * Several threads may share one instance without synchronization: its fields are only hints.
 */
public final class AdaptiveSpin {
    private static final int MOST_NANOS = 50_000;
    /** A shorter time is rounded down to zero. */
    private static final int LEAST_NANOS = 2_000;
    /** One of this number of waits spins although spinning has not succeeded lately. */
    private static final int PROBE = 32;

    private final int pauseNanos;
    private int nanos;
    private int waits;

    /** Creates a policy that checks as often as it can. */
    public AdaptiveSpin() {
        this(0);
    }

    /**
     * Creates a policy that pauses before each check, because a check disturbs the thread that is waited for.
     *
     * @param pauseNanos at least 0
     */
    AdaptiveSpin(int pauseNanos) {
        this.pauseNanos = pauseNanos;
    }

    /** Spins until the condition holds; false if it is time to park. */
    public boolean await(BooleanSupplier condition) {
        int most = nanos;
        if (most == 0) {
            if (++waits % PROBE != 0) {
                return false;
            }
            most = MOST_NANOS;
        }
        long start = System.nanoTime();
        long before = start;
        do {
            before = pause(before, pauseNanos);
            if (condition.getAsBoolean()) {
                nanos = MOST_NANOS;
                return true;
            }
        } while (before - start < most);
        nanos = nanos / 2 < LEAST_NANOS ? 0 : nanos / 2; // after a failed probe: 0
        return false;
    }

    /**
     * Yields at least once, until this many nanoseconds have passed since {@code before}. Returns the time after that,
     * as of {@link System#nanoTime}.
     */
    public static long pause(long before, int nanos) {
        long now;
        do {
            Thread.yield();
            now = System.nanoTime();
        } while (now - before < nanos);
        return now;
    }
}
