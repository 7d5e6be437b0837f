package dev.corral.memory;

/**
 * Detects that collections take most of the time, so that the threads of the program hardly run. Allocates nothing. Not
 * thread-safe.
 */
public final class Standstill {
    static final long WINDOW_NANOS = 1_000_000_000;
    /** The share of the time from which this is the case. */
    static final double MOST = 0.5;

    private final Growth collecting = new Growth(WINDOW_NANOS);

    /** Forgets earlier samples, because the caller has acted on them. */
    public void begin(long nowNanos, long collectingNanos) {
        collecting.begin(nowNanos, collectingNanos);
    }

    /**
     * Adds a sample and returns whether collections took most of the time in the last window.
     *
     * @param collectingNanos the time that collections have taken since the start of the JVM
     */
    public boolean check(long nowNanos, long collectingNanos) {
        collecting.check(nowNanos, collectingNanos);
        return collecting.isKnown() && collecting.grown() >= MOST * collecting.nanos();
    }
}
