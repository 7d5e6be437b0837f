package dev.corral.memory;

/**
 * Chooses the sampling interval, so that samples cost little however much the program allocates: the shortest interval,
 * unless it would produce too many samples. Not thread-safe.
 */
final class SamplingRate {
    /**
     * The time between two choices. It is so long that the start of a program, or a burst, is measured with the
     * shortest interval.
     */
    static final long WINDOW_NANOS = 1_000_000_000;
    /** Each interval is longer than the previous one by this factor. */
    private static final int STEP = 4;

    private final int intervals;
    private final double most;
    private int interval;
    private long seen;
    private long sinceNanos;

    /**
     * Begins with the shortest interval.
     *
     * @param intervals the number of intervals
     * @param most the largest number of samples per second
     */
    SamplingRate(int intervals, double most, long nowNanos) {
        this.intervals = intervals;
        this.most = most;
        this.sinceNanos = nowNanos;
    }

    /** Returns the current interval; 0 is the shortest. */
    int interval() {
        return interval;
    }

    /**
     * Returns whether the interval has changed. It becomes shorter only if that would produce at most half of the
     * allowed samples.
     *
     * @param samples the number of samples so far
     */
    boolean check(long samples, long nowNanos) {
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
