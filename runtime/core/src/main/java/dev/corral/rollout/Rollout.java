package dev.corral.rollout;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One request while it is being dealt with. Not thread-safe. */
abstract class Rollout {
    private long nowNanos;
    private OptionalLong nextLook = OptionalLong.empty();

    /** What to do now; null: nothing until something changes, or it is {@link #nextLook}. */
    final @Nullable Step next(Facts facts) {
        nowNanos = facts.nowNanos();
        nextLook = OptionalLong.empty();
        return decide(facts);
    }

    abstract @Nullable Step decide(Facts facts);

    /** How it ends when the cluster is closed now. */
    abstract Outcome closed();

    /** As of the last look. */
    final long nowNanos() {
        return nowNanos;
    }

    /** The time at which there is something to do even if nothing changes. */
    final OptionalLong nextLook() {
        return nextLook;
    }

    /** Whether so much time has passed; if not, that is when to look again. */
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

    /** More than a century is as good as for ever. */
    private static long saturatedNanos(Duration duration) {
        Duration longest = Duration.ofDays(36_500);
        return (duration.compareTo(longest) > 0 ? longest : duration).toNanos();
    }
}
