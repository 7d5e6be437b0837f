package dev.corral.memory;

import org.jspecify.annotations.Nullable;

/**
 * Part of the heap that is kept for the moment in which there is nothing else: given back, it lets Corral's own threads do what ends a worker.
 * One for the JVM; any thread. Giving it back takes no memory.
 */
public final class Reserve {
    /** Of the heap. */
    private static final int PART = 64;
    private static final long LARGEST = 16 << 20;
    /** Small enough to be no large object for any collector. */
    private static final int PIECE = 32 << 10;

    private final int piecesOfHalf;

    // Guarded by this.

    private byte @Nullable [][] half;
    private byte @Nullable [][] otherHalf;

    /** For a heap of so many bytes at most; holds nothing yet. */
    public Reserve(long maxBytes) {
        piecesOfHalf = (int) (Math.min(maxBytes / PART, LARGEST) / PIECE / 2);
    }

    /** Takes what is not held of it. */
    public synchronized void hold() {
        if (half == null) {
            half = new byte[piecesOfHalf][PIECE];
        }
        if (otherHalf == null) {
            otherHalf = new byte[piecesOfHalf][PIECE];
        }
    }

    /** Gives half of it back to the heap. */
    public synchronized void releaseHalf() {
        half = null;
    }

    /** Gives it back to the heap. */
    public synchronized void release() {
        half = null;
        otherHalf = null;
    }
}
