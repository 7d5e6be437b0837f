package dev.corral.memory;

/**
 * Finds out whether collections take most of the time, so that the threads of the program hardly run. Compares what they have taken with the
 * time since a check of one to two windows before; one that comes late compares with an older one. Not thread-safe.
 */
final class Standstill {
    static final long WINDOW_NANOS = 1_000_000_000;
    /** Of the time. */
    static final double MOST = 0.5;

    private boolean any;
    private long newerNanos;
    private long newerCollecting;
    private long olderNanos;
    private long olderCollecting;

    /** Forgets what was before, because it has been acted upon. */
    void begin(long nowNanos, long collectingNanos) {
        any = true;
        newerNanos = olderNanos = nowNanos;
        newerCollecting = olderCollecting = collectingNanos;
    }

    /**
     * Whether that is so.
     *
     * @param collectingNanos what collections have taken since the start of the JVM
     */
    boolean look(long nowNanos, long collectingNanos) {
        if (!any) {
            begin(nowNanos, collectingNanos);
        }
        if (nowNanos - newerNanos >= WINDOW_NANOS) {
            olderNanos = newerNanos;
            olderCollecting = newerCollecting;
            newerNanos = nowNanos;
            newerCollecting = collectingNanos;
        }
        long nanos = nowNanos - olderNanos;
        return nanos >= WINDOW_NANOS && collectingNanos - olderCollecting >= MOST * nanos;
    }
}
