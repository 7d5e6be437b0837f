package dev.corral.watchdog;

/**
 * The time of one check of all workers.
 *
 * @param nowNanos the time of the check
 * @param elapsedNanos the time since the previous check in which threads could run, without the time for which
 *        collections stopped all threads
 * @param counts whether a worker that made no progress since the previous check has missed this one. It has not if the
 *        watchdog itself came late (because of a collection, or a suspended machine), or while the worker pauses its
 *        checks
 */
public record Round(long nowNanos, long elapsedNanos, boolean counts) {
    /** How late a check may be, as a share of the interval. */
    private static final double LATE = 0.5;
    /** How late a check may be in any case: the time that a loaded machine takes to wake a thread. */
    private static final long LATE_NANOS = 5_000_000;

    /**
     * Returns the round of a check, which counts unless it is late.
     *
     * @param lastNanos the time of the previous check
     * @param stoppedNanos the time since then for which all threads were stopped
     */
    public static Round after(long lastNanos, long nowNanos, long stoppedNanos, long intervalNanos) {
        long elapsed = nowNanos - lastNanos;
        return new Round(nowNanos, Math.max(0, elapsed - stoppedNanos),
                elapsed - intervalNanos <= Math.max(LATE_NANOS, intervalNanos * LATE));
    }

    /** Returns a copy that does not count. */
    public Round discounted() {
        return new Round(nowNanos, elapsedNanos, false);
    }
}
