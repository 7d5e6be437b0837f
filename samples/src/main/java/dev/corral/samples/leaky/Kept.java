package dev.corral.samples.leaky;

import java.util.ArrayList;
import java.util.List;

/** The objects that the program keeps on purpose. Thread-safe. */
public final class Kept {
    private final List<Piece> pieces = new ArrayList<>(); // guarded by this
    private long bytes; // guarded by this

    /**
     * Some of these objects.
     *
     * @param bytes the bytes of the heap that they take, as far as the program can know
     * @param letGo removes further references to them, so that they become garbage
     */
    public record Piece(Object data, long bytes, Runnable letGo) {}

    public synchronized void add(Piece piece) {
        pieces.add(piece);
        bytes += piece.bytes;
    }

    /** Returns the bytes of the heap that they take, except for some dozens for each piece. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Releases all objects that are kept now. */
    public void free() {
        List<Piece> gone;
        synchronized (this) {
            gone = List.copyOf(pieces);
            pieces.clear();
            bytes = 0;
        }
        gone.forEach(piece -> piece.letGo.run()); // without the monitor, because this may take long
    }
}
