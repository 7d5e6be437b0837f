package dev.corral.samples.leaky;

/**
 * How many bytes of the heap objects take, as HotSpot lays them out on 64 bits with compressed references and class pointers, its
 * default for heaps below 32 GiB.
 */
final class Layout {
    static final int REFERENCE = 4;

    private static final int OBJECT_HEADER = 12;
    private static final int ARRAY_HEADER = 16;
    private static final int ALIGNMENT = 8;

    private Layout() {}

    /** An object whose fields take so much, each aligned to its own size. */
    static long object(int fields) {
        return aligned(OBJECT_HEADER + fields);
    }

    /** An array whose elements take so much. */
    static long array(long elements) {
        return aligned(ARRAY_HEADER + elements);
    }

    static long references(int length) {
        return array((long) REFERENCE * length);
    }

    /** The length of an array of bytes that takes so much in all. */
    static int lengthOfBytes(int size) {
        return size - ARRAY_HEADER;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
