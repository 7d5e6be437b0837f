package dev.corral.master;

import java.time.Duration;

/**
 * The requests to replace one worker because of its memory. At most one request is under way. After a request that
 * failed, the next one waits for a delay that grows. Belongs to the master's thread.
 */
final class Recycling {
    /** The delay after the first request that failed. It doubles with each further one. */
    static final Duration FIRST_DELAY = Duration.ofSeconds(30);
    static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    private boolean underWay;
    private Duration delay = Duration.ZERO;
    private long failedNanos;

    /** Returns whether a request may be made now. */
    boolean mayBegin(long nowNanos) {
        return !underWay && nowNanos - failedNanos >= delay.toNanos();
    }

    /** Notes a request. It is under way until it has {@link #failed}; if it succeeds, the worker ends. */
    void begun() {
        underWay = true;
    }

    /** Notes that no replacement has become ready. The worker keeps serving. */
    void failed(long nowNanos) {
        underWay = false;
        failedNanos = nowNanos;
        Duration doubled = delay.multipliedBy(2);
        delay = delay.isZero() ? FIRST_DELAY : doubled.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : doubled;
    }
}
