package dev.corral.memory;

import org.jspecify.annotations.Nullable;

/**
 * Part of the heap that is kept for the moment in which there is nothing else: given back, it lets Corral's own threads do what ends a worker.
 * One for the JVM; any thread. {@link #release} needs no memory.
 */
public final class Reserve {
    /** Of the heap. */
    private static final int PART = 64;
    private static final long LARGEST = 16 << 20;
    /** Small enough to be no large object for any collector. */
    private static final int PIECE = 32 << 10;

    private final int pieces;
    private volatile byte @Nullable [][] kept;

    /** For a heap of so many bytes at most; holds nothing yet. */
    public Reserve(long maxBytes) {
        pieces = (int) (Math.min(maxBytes / PART, LARGEST) / PIECE);
    }

    /** Takes it, unless it is held. */
    public synchronized void hold() {
        if (kept == null) {
            byte[][] taken = new byte[pieces][];
            for (int i = 0; i < pieces; i++) {
                taken[i] = new byte[PIECE];
            }
            kept = taken;
        }
    }

    /** Whether it is held. */
    public boolean isHeld() {
        return kept != null;
    }

    /** Gives it back to the heap. */
    public synchronized void release() {
        kept = null;
    }
}
