package dev.corral.memory;

/**
 * Estimates when the heap will be full, from how fast what lies in it, young objects apart, has grown since a check of one to two windows
 * before. Not thread-safe.
 */
final class Rush {
    static final long WINDOW_NANOS = 200_000_000;
    static final long NEVER = Long.MAX_VALUE;

    private final long maxBytes;
    private boolean any;
    private long newerNanos;
    private long newerBytes;
    private long olderNanos;
    private long olderBytes;

    Rush(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Forgets how much it was before, because a collection has changed that. */
    void begin(long nowNanos, long oldBytes) {
        any = true;
        newerNanos = olderNanos = nowNanos;
        newerBytes = olderBytes = oldBytes;
    }

    /** In how many nanoseconds it will be full; {@link #NEVER} if it does not grow. */
    long look(long nowNanos, long oldBytes) {
        if (!any) {
            begin(nowNanos, oldBytes);
        }
        if (nowNanos - newerNanos >= WINDOW_NANOS) {
            olderNanos = newerNanos;
            olderBytes = newerBytes;
            newerNanos = nowNanos;
            newerBytes = oldBytes;
        }
        long nanos = nowNanos - olderNanos;
        double grown = oldBytes - olderBytes;
        return nanos >= WINDOW_NANOS && grown > 0 ? (long) ((maxBytes - oldBytes) / grown * nanos) : NEVER;
    }
}
