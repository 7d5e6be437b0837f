package dev.corral.memory;

import java.time.Duration;

/** Durations as the clock counts. */
final class Nanos {
    private Nanos() {}

    /** So many of them; more than 292 years is for ever. */
    static long times(int count, Duration duration) {
        try {
            return Math.multiplyExact(duration.toNanos(), count);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
