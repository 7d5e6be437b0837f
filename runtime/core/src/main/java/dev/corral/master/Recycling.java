package dev.corral.master;

import java.time.Duration;

/**
 * How far one worker that has too much memory is from being replaced: at most one request at a time, and after one that failed the next
 * only after a delay that grows. Belongs to the master's thread.
 */
final class Recycling {
    /** After the first replacement that failed; then twice as long each time. */
    static final Duration FIRST_DELAY = Duration.ofSeconds(30);
    static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    private boolean underWay;
    private Duration delay = Duration.ZERO;
    private long failedNanos;

    /** Whether it is to be asked for now. */
    boolean mayBegin(long nowNanos) {
        return !underWay && nowNanos - failedNanos >= delay.toNanos();
    }

    /** It has been asked for: it is under way until it is {@link #failed}. */
    void begun() {
        underWay = true;
    }

    /** No replacement has become ready; the worker goes on. */
    void failed(long nowNanos) {
        underWay = false;
        failedNanos = nowNanos;
        Duration doubled = delay.multipliedBy(2);
        delay = delay.isZero() ? FIRST_DELAY : doubled.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : doubled;
    }
}
