package dev.corral;

import dev.corral.text.Checks;
import java.time.Duration;

/**
 * The delays before the restarts of a slot. The first delay is {@code base}; each further one is longer by
 * {@code factor}, up to {@code max}. Each delay is longer or shorter at random by up to {@code jitter}. The delays
 * begin again after a worker that lived for {@code healthy}.
 *
 * @param firstAtOnce whether the first restart has no delay and {@code base} is the delay of the second one
 * @param base the first delay; 0 and up
 * @param factor 1 and up
 * @param max the longest delay before jitter; not below {@code base}
 * @param jitter share of the delay; 0 to 1
 * @param healthy 0 and up; with 0 every delay is the first one
 */
public record Backoff(boolean firstAtOnce, Duration base, double factor, Duration max, double jitter,
        Duration healthy) {
    /** No delays. */
    public static final Backoff NONE = fixed(Duration.ZERO);

    /**
     * No delay before the first restart, then 100 ms, doubling up to 15 s, with 20% jitter; again from the start after
     * 30 s of uptime.
     */
    public static final Backoff DEFAULT = new Backoff(true, Duration.ofMillis(100), 2, Duration.ofSeconds(15), 0.2,
            Duration.ofSeconds(30));

    /** Creates the record and checks the ranges. */
    public Backoff {
        Checks.check("base", base, Duration.ZERO);
        if (!(factor >= 1 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("factor is " + factor + "; it must be a number from 1 up");
        }
        Checks.check("max", max, base);
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter is " + jitter + "; it must be from 0 to 1");
        }
        Checks.check("healthy", healthy, Duration.ZERO);
    }

    /** Returns a back-off with the same delay before every restart, including the first one. */
    public static Backoff fixed(Duration delay) {
        return new Backoff(false, delay, 1, delay, 0, Duration.ZERO);
    }
}
