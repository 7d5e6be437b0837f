package dev.corral.master;

import dev.corral.ExitReason.OverMemory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far one worker that has too much memory is from being replaced: at most one request at a time, and after one that failed the next
 * only after a delay that grows. Belongs to the master's thread.
 */
final class Recycling {
    /** After the first replacement that failed; then twice as long each time. */
    static final Duration FIRST_DELAY = Duration.ofSeconds(30);
    static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    private @Nullable OverMemory requested;
    private Duration delay = Duration.ZERO;
    private long failedNanos;

    /** True if it is to be asked for now; then it is under way until it is {@link #failed}. */
    boolean request(OverMemory reason, long nowNanos) {
        if (requested != null || nowNanos - failedNanos < delay.toNanos()) {
            return false;
        }
        requested = reason;
        return true;
    }

    /** No replacement has become ready; the worker goes on. */
    void failed(long nowNanos) {
        requested = null;
        failedNanos = nowNanos;
        Duration doubled = delay.multipliedBy(2);
        delay = delay.isZero() ? FIRST_DELAY : doubled.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : doubled;
    }
}
