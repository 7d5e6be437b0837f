package dev.corral.watchdog;

/**
 * One look at everything.
 *
 * @param nowNanos when
 * @param elapsedNanos since the one before in which threads could run: what collections stopped all of them is taken off
 * @param counts whether what stood still since then has missed it. Not so if the one who looks came late itself (a collection, a
 *     suspended machine), nor while the worker has asked not to be judged
 */
public record Round(long nowNanos, long elapsedNanos, boolean counts) {
    /** How late a look may come, as a share of the interval. */
    private static final double LATE = 0.5;
    /** How late in any case: what a loaded machine takes to wake a thread. */
    private static final long LATE_NANOS = 5_000_000;

    /**
     * The next one in time or late, by how long ago the one before was.
     *
     * @param stoppedNanos for how long of that time all threads were stopped
     */
    public static Round after(long lastNanos, long nowNanos, long stoppedNanos, long intervalNanos) {
        long elapsed = nowNanos - lastNanos;
        return new Round(nowNanos, Math.max(0, elapsed - stoppedNanos),
                elapsed - intervalNanos <= Math.max(LATE_NANOS, intervalNanos * LATE));
    }

    /** One that does not count. */
    public Round discounted() {
        return new Round(nowNanos, elapsedNanos, false);
    }
}
