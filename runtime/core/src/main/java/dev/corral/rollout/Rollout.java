package dev.corral.rollout;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One request that is under way. Not thread-safe. */
abstract class Rollout {
    private long nowNanos;
    private OptionalLong nextLook = OptionalLong.empty();

    /** Returns the next step; null if there is nothing to do until something changes, or until {@link #nextLook}. */
    final @Nullable Step next(Facts facts) {
        nowNanos = facts.nowNanos();
        nextLook = OptionalLong.empty();
        return decide(facts);
    }

    abstract @Nullable Step decide(Facts facts);

    /** Returns the outcome if the cluster is closed now. */
    abstract Outcome closed();

    /** Returns the time of the last call of {@link #next}. */
    final long nowNanos() {
        return nowNanos;
    }

    /** Returns the time at which there is something to do even if nothing changes. */
    final OptionalLong nextLook() {
        return nextLook;
    }

    /** Returns whether a time has passed; if not, records its end as a time of the next call. */
    final boolean isOver(long sinceNanos, Duration within) {
        long withinNanos = saturatedNanos(within);
        if (nowNanos - sinceNanos >= withinNanos) {
            return true;
        }
        long atNanos = sinceNanos + withinNanos;
        if (nextLook.isEmpty() || atNanos - nextLook.getAsLong() < 0) {
            nextLook = OptionalLong.of(atNanos);
        }
        return false;
    }

    /** Converts a duration to nanoseconds, at most a century. */
    private static long saturatedNanos(Duration duration) {
        Duration longest = Duration.ofDays(36_500);
        return (duration.compareTo(longest) > 0 ? longest : duration).toNanos();
    }
}
