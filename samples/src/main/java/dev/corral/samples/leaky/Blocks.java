package dev.corral.samples.leaky;

/** Arrays of bytes that all have the same size. */
public final class Blocks {
    /** The size of an array without elements. */
    public static final int SMALLEST = 16;
    public static final int LARGEST = 64 << 20;

    private static final int PER_ROW = 1024;

    private final byte[][][] rows;
    /** The bytes of the heap that all arrays take. */
    private final long bytes;

    private Blocks(byte[][][] rows, long bytes) {
        this.rows = rows;
        this.bytes = bytes;
    }

    /**
     * Creates as many blocks as are needed for a number of bytes, rounded up.
     *
     * @param size the size of one block, including its header; {@link #SMALLEST} to {@link #LARGEST}
     */
    public static Blocks of(long bytes, int size) {
        long blocks = Math.ceilDiv(bytes, size);
        var rows = new byte[Math.toIntExact(Math.ceilDiv(blocks, PER_ROW))][][];
        int length = Layout.lengthOfBytes(size);
        long sum = Layout.object(Layout.REFERENCE + Long.BYTES) + Layout.references(rows.length)
                + blocks * Layout.array(length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new byte[(int) Math.min(PER_ROW, blocks - (long) i * PER_ROW)][];
            sum += Layout.references(rows[i].length);
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = new byte[length];
            }
        }
        return new Blocks(rows, sum);
    }

    long bytes() {
        return bytes;
    }

    /** Returns the number of blocks. Reads all blocks, so that they stay reachable until this call. */
    int count() {
        int count = 0;
        for (byte[][] row : rows) {
            count += row.length;
        }
        return count;
    }
}
