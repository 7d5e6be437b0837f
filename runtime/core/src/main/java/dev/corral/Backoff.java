package dev.corral;

import java.time.Duration;

/**
 * Delay before the restarts of a slot: {@code base}, then times {@code factor} up to {@code max}, each up to {@code jitter}
 * more or less. Starts anew after a worker that lived for {@code healthy}.
 *
 * @param firstAtOnce whether one restart without delay goes before the first delayed one
 * @param base 0 and up
 * @param factor 1 and up
 * @param max not below {@code base}; jitter may exceed it
 * @param jitter share of the delay, 0 to 1
 * @param healthy 0 and up; 0 means that every delay is the first one
 */
public record Backoff(boolean firstAtOnce, Duration base, double factor, Duration max, double jitter,
        Duration healthy) {
    /** No delay at all. */
    public static final Backoff NONE = fixed(Duration.ZERO);

    /** At once, then 100 ms, doubling up to 15 s, 20% jitter; anew after 30 s of uptime. */
    public static final Backoff DEFAULT = new Backoff(true, Duration.ofMillis(100), 2, Duration.ofSeconds(15), 0.2,
            Duration.ofSeconds(30));

    /** Checks the ranges. */
    public Backoff {
        if (base.isNegative()) {
            throw new IllegalArgumentException("base is " + base + "; it must be 0 or more");
        }
        if (!(factor >= 1 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("factor is " + factor + "; it must be a number from 1 up");
        }
        if (max.compareTo(base) < 0) {
            throw new IllegalArgumentException("max is " + max + "; it must not be below the base, " + base);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter is " + jitter + "; it must be from 0 to 1");
        }
        if (healthy.isNegative()) {
            throw new IllegalArgumentException("healthy is " + healthy + "; it must be 0 or more");
        }
    }

    /** The same delay before every restart, the first one too. */
    public static Backoff fixed(Duration delay) {
        return new Backoff(false, delay, 1, delay, 0, Duration.ZERO);
    }
}
