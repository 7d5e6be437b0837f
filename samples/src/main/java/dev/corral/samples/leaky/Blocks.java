package dev.corral.samples.leaky;

/** Arrays of bytes, all of one size. */
public final class Blocks {
    /** What an array takes that has no elements. */
    public static final int SMALLEST = 16;
    public static final int LARGEST = 64 << 20;

    private static final int PER_ROW = 1024;

    private final byte[][][] rows;
    /** What all that takes in the heap. */
    private final long bytes;

    private Blocks(byte[][][] rows, long bytes) {
        this.rows = rows;
        this.bytes = bytes;
    }

    /**
     * As many blocks as make up so many bytes, rounded up.
     *
     * @param size of one block, its header included; {@link #SMALLEST} to {@link #LARGEST}
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

    /** Uses them, so that they are needed until now. */
    int count() {
        int count = 0;
        for (byte[][] row : rows) {
            count += row.length;
        }
        return count;
    }
}
