package dev.corral.memory;

/**
 * Which interval allocations are sampled by, so that samples cost little however much is allocated: the shortest, unless that would make more
 * of them than are worth it. Not thread-safe.
 */
final class SamplingRate {
    /** So long that the start of a program, or a burst, is still known exactly. */
    static final long WINDOW_NANOS = 1_000_000_000;
    /** Each interval is so many times as long as the one before. */
    private static final int STEP = 4;

    private final int intervals;
    private final double most;
    private int interval;
    private long seen;
    private long sinceNanos;

    /**
     * Begins with the shortest.
     *
     * @param intervals how many there are
     * @param most samples in a second
     */
    SamplingRate(int intervals, double most, long nowNanos) {
        this.intervals = intervals;
        this.most = most;
        this.sinceNanos = nowNanos;
    }

    /** The one that is right now; 0 is the shortest. */
    int interval() {
        return interval;
    }

    /** Whether another interval is right from now on. It goes back to one that would make half as many samples as it may. */
    boolean look(long samples, long nowNanos) {
        long nanos = nowNanos - sinceNanos;
        if (nanos < WINDOW_NANOS) {
            return false;
        }
        int before = interval;
        double rate = (samples - seen) * 1e9 / nanos;
        seen = samples;
        sinceNanos = nowNanos;
        while (rate > most && interval < intervals - 1) {
            interval++;
            rate /= STEP;
        }
        while (rate * STEP < most / 2 && interval > 0) {
            interval--;
            rate *= STEP;
        }
        return interval != before;
    }
}
