package dev.corral.memory;

/**
 * Estimates when the heap will be full, from how fast what lies in it, young objects apart, has grown in the last moments. Not
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

    /** In how many nanoseconds it will be full; {@link #NEVER} if it does not grow. */
    long look(long nowNanos, long oldBytes) {
        growth.look(nowNanos, oldBytes);
        return growth.isKnown() && growth.grown() > 0
                ? (long) ((maxBytes - oldBytes) / (double) growth.grown() * growth.nanos()) : NEVER;
    }
}
