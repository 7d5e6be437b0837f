package dev.corral.memory;

/**
 * Measures how much a figure has grown since a sample that is one to two windows old. If a sample comes late, the older
 * sample is older than that. Allocates nothing. Not thread-safe.
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

    /** Forgets all earlier samples and begins with this one. */
    void begin(long nowNanos, long value) {
        any = true;
        newerNanos = olderNanos = nowNanos;
        newerValue = olderValue = value;
        nanos = grown = 0;
    }

    /** Adds a sample. */
    void check(long nowNanos, long value) {
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

    /** Returns whether a whole window has passed. */
    boolean isKnown() {
        return nanos >= windowNanos;
    }

    /** Returns the time in which the figure has grown, in nanoseconds. */
    long nanos() {
        return nanos;
    }

    /** Returns by how much the figure has grown in that time. */
    long grown() {
        return grown;
    }
}
