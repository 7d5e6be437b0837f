package dev.corral.samples.leaky;

import java.util.ArrayList;
import java.util.List;

/** What the program keeps on purpose. Thread-safe. */
public final class Kept {
    private final List<Piece> pieces = new ArrayList<>(); // guarded by this
    private long bytes; // guarded by this

    /**
     * A part of it.
     *
     * @param bytes what it takes in the heap, as far as the program can tell
     * @param letGo what else is to be done so that it is garbage
     */
    public record Piece(Object data, long bytes, Runnable letGo) {}

    public synchronized void add(Piece piece) {
        pieces.add(piece);
        bytes += piece.bytes;
    }

    /** Bytes of the heap, but for some dozens for each piece. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Lets all go that is there now. */
    public void free() {
        List<Piece> gone;
        synchronized (this) {
            gone = List.copyOf(pieces);
            pieces.clear();
            bytes = 0;
        }
        gone.forEach(piece -> piece.letGo.run()); // which may take its time
    }
}
