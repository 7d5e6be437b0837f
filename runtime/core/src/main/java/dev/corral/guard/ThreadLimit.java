package dev.corral.guard;

import dev.corral.ExitReason.OverThreads;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether one worker has too many threads, from the numbers that it is given. Used only by the thread of the
 * {@link ThreadGuard}.
 */
final class ThreadLimit {
    /** How long a worker to which a virtual thread was refused may stay near its limit. */
    static final long FULL_NANOS = Duration.ofSeconds(1).toNanos();

    private final int maxPlatform;
    private final int maxVirtual;
    /** When the worker was first seen full; null if it is not full. */
    private @Nullable Long fullSinceNanos;

    /**
     * Creates the limit of one worker.
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

    /** Checks the number of platform threads. */
    Optional<OverThreads> platform(int threads) {
        return threads > maxPlatform ? Optional.of(new OverThreads("platform", threads, maxPlatform))
                : Optional.empty();
    }

    /**
     * Checks the number of virtual threads.
     *
     * @param isFull whether a virtual thread was refused, and the number has been near the limit since
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
