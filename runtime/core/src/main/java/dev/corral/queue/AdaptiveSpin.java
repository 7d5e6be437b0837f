package dev.corral.queue;

import java.util.function.BooleanSupplier;

/**
 * How long a thread looks again and again before it parks: up to 50 microseconds where that has paid lately, hardly ever where it has not.
 * Waking a thread that has parked takes longer than most messages, and costs the one who wakes it nearly as much. Between two looks the
 * thread yields, so that a virtual one leaves its carrier to others.
 *
 * <p>Two who answer each other are both slow as long as both park, so one wait of some tries for the whole time, long enough for the other
 * one to be woken; that costs less than two microseconds a wait. Several threads may share one: what they write over each other are hints.
 */
public final class AdaptiveSpin {
    private static final int MOST_NANOS = 50_000;
    /** Less is none. */
    private static final int LEAST_NANOS = 2_000;
    /** One of so many waits that would not look tries whether it would pay. */
    private static final int PROBE = 32;

    private final int pauseNanos;
    private int nanos;
    private int waits;

    /** Looks as often as it can. */
    public AdaptiveSpin() {
        this(0);
    }

    /** Pauses so long before each look, where that disturbs who is waited for. */
    AdaptiveSpin(int pauseNanos) {
        this.pauseNanos = pauseNanos;
    }

    /** True as soon as the condition holds; false if it is time to park. */
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
        nanos = nanos / 2 < LEAST_NANOS ? 0 : nanos / 2; // of a probe that failed: none
        return false;
    }

    /** Yields until so many nanoseconds have passed since then, at least once; returns the time then. */
    public static long pause(long before, int nanos) {
        long now;
        do {
            Thread.yield();
            now = System.nanoTime();
        } while (now - before < nanos);
        return now;
    }
}
