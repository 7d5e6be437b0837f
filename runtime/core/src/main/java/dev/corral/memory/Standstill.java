package dev.corral.memory;

/** Finds out whether collections take most of the time, so that the threads of the program hardly run. Takes no memory. Not thread-safe. */
public final class Standstill {
    static final long WINDOW_NANOS = 1_000_000_000;
    /** Of the time. */
    static final double MOST = 0.5;

    private final Growth collecting = new Growth(WINDOW_NANOS);

    /** Forgets what was before, because it has been acted upon. */
    public void begin(long nowNanos, long collectingNanos) {
        collecting.begin(nowNanos, collectingNanos);
    }

    /**
     * Whether that is so.
     *
     * @param collectingNanos what collections have taken since the start of the JVM
     */
    public boolean look(long nowNanos, long collectingNanos) {
        collecting.look(nowNanos, collectingNanos);
        return collecting.isKnown() && collecting.grown() >= MOST * collecting.nanos();
    }
}
