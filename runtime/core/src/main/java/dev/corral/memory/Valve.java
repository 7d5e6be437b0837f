package dev.corral.memory;

/**
 * Decides how many connections may be accepted until the next check, so that waiting connections do not fill the heap
 * at once. The number falls as the heap fills up, so the valve need not know how much a connection keeps. While the
 * heap is short, the valve is closed, but not for long, because something other than connections may fill the heap. Not
 * thread-safe.
 */
final class Valve {
    static final long UNLIMITED = Long.MAX_VALUE;
    /** After the valve has been closed for this long, it lets one connection in at each check. */
    static final long LONGEST_NANOS = 1_200_000_000;
    /** The number of equal parts of the heap; each part that is free stands for one connection. */
    private static final int PARTS = 16;

    private final double upTo;
    private final long maxBytes;
    private boolean closed;
    private long sinceNanos;

    /**
     * Creates a valve that is open.
     *
     * @param upTo the part of the heap up to which connections may fill it
     */
    Valve(double upTo, long maxBytes) {
        this.upTo = upTo;
        this.maxBytes = maxBytes;
    }

    /**
     * Returns how many more connections may be accepted until the next check.
     *
     * @param filledBytes bytes of the heap that are in use, without young objects where those are known
     */
    long check(long nowNanos, long filledBytes) {
        double room = upTo * maxBytes - filledBytes;
        if (room > 0) {
            closed = false;
            return (long) Math.ceil(room * PARTS / maxBytes);
        }
        if (!closed) {
            closed = true;
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos < LONGEST_NANOS ? 0 : 1;
    }
}
