package dev.corral.guard;

import dev.corral.ExitReason.OverThreads;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether one worker has too many threads. Decides only, by what it is told was seen. Belongs to the watching thread. */
final class ThreadLimit {
    /** How long a worker may go on with nearly as many virtual threads as it may have, once it was refused one. */
    static final long FULL_NANOS = Duration.ofSeconds(1).toNanos();

    private final int maxPlatform;
    private final int maxVirtual;
    /** Since when it has been full; null if it is not. */
    private @Nullable Long fullSinceNanos;

    /**
     * For one worker.
     *
     * @param maxPlatform platform threads that it may have
     * @param maxVirtual virtual threads that it may have
     * @param allowedBySystem threads that the operating system allows the JVM
     */
    ThreadLimit(int maxPlatform, int maxVirtual, int allowedBySystem) {
        this.maxPlatform = Math.max(1, Math.min(maxPlatform, allowedBySystem / 2));
        this.maxVirtual = maxVirtual;
    }

    int maxPlatform() {
        return maxPlatform;
    }

    /** One look at its platform threads. */
    Optional<OverThreads> platform(int threads) {
        return threads > maxPlatform ? Optional.of(new OverThreads("platform", threads, maxPlatform))
                : Optional.empty();
    }

    /**
     * One look at its virtual threads.
     *
     * @param isFull whether one was refused, and there have been nearly as many as there may be since
     */
    Optional<OverThreads> virtual(int threads, boolean isFull, long nowNanos) {
        Long since = fullSinceNanos;
        if (!isFull) {
            fullSinceNanos = null;
        } else if (since == null) {
            fullSinceNanos = nowNanos;
        } else if (nowNanos - since >= FULL_NANOS) {
            return Optional.of(new OverThreads("virtual", threads, maxVirtual));
        }
        return Optional.empty();
    }
}
