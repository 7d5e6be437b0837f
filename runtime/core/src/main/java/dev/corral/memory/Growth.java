package dev.corral.memory;

/**
 * How much a figure has grown since a look one to two windows before. A look that comes late compares with an older one. Takes no memory.
 * Not thread-safe.
 */
final class Growth {
    private final long windowNanos;
    private boolean any;
    private long newerNanos;
    private long newerValue;
    private long olderNanos;
    private long olderValue;
    private long nanos;
    private long grown;

    Growth(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    /** Forgets what was before. */
    void begin(long nowNanos, long value) {
        any = true;
        newerNanos = olderNanos = nowNanos;
        newerValue = olderValue = value;
        nanos = grown = 0;
    }

    void look(long nowNanos, long value) {
        if (!any) {
            begin(nowNanos, value);
        }
        if (nowNanos - newerNanos >= windowNanos) {
            olderNanos = newerNanos;
            olderValue = newerValue;
            newerNanos = nowNanos;
            newerValue = value;
        }
        nanos = nowNanos - olderNanos;
        grown = value - olderValue;
    }

    /** Whether a whole window has passed. */
    boolean isKnown() {
        return nanos >= windowNanos;
    }

    /** The time that the growth has taken. */
    long nanos() {
        return nanos;
    }

    long grown() {
        return grown;
    }
}
