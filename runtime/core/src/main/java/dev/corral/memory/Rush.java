package dev.corral.memory;

/**
 * Estimates when the heap will be full, from the recent growth of what it contains without young objects. Not
 * thread-safe.
 */
final class Rush {
    static final long WINDOW_NANOS = 200_000_000;
    static final long NEVER = Long.MAX_VALUE;

    private final long maxBytes;
    private final Growth growth = new Growth(WINDOW_NANOS);

    Rush(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds a sample and returns the nanoseconds until the heap is full; {@link #NEVER} if it does not grow. */
    long check(long nowNanos, long oldBytes) {
        growth.check(nowNanos, oldBytes);
        return growth.isKnown() && growth.grown() > 0
                ? (long) ((maxBytes - oldBytes) / (double) growth.grown() * growth.nanos()) : NEVER;
    }
}
