package dev.corral.memory;

import org.jspecify.annotations.Nullable;

/**
 * A part of the heap that is held until no other memory is left. When it is released, Corral's own threads can allocate
 * what they need to end a worker. There is one for the JVM. Any thread may call it. Releasing it takes no memory.
 */
public final class Reserve {
    /** The reserve is one of this many parts of the heap. */
    private static final int PART = 64;
    private static final long LARGEST = 16 << 20;
    /** Small enough to be no large object for any collector. */
    private static final int PIECE = 32 << 10;

    private final int piecesOfHalf;

    // Guarded by this.

    private byte @Nullable [][] half;
    private byte @Nullable [][] otherHalf;

    /**
     * Creates a reserve that holds nothing yet.
     *
     * @param maxBytes the size that the heap can have at most
     */
    public Reserve(long maxBytes) {
        piecesOfHalf = (int) (Math.min(maxBytes / PART, LARGEST) / PIECE / 2);
    }

    /** Allocates the halves that are not held. */
    public synchronized void hold() {
        if (half == null) {
            half = new byte[piecesOfHalf][PIECE];
        }
        if (otherHalf == null) {
            otherHalf = new byte[piecesOfHalf][PIECE];
        }
    }

    /** Releases one half. */
    public synchronized void releaseHalf() {
        half = null;
    }

    /** Releases both halves. */
    public synchronized void release() {
        half = null;
        otherHalf = null;
    }
}
