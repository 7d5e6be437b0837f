package dev.corral.samples.leaky;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * The sizes of objects in the heap, as HotSpot lays them out on 64 bits with compressed class pointers. References are
 * compressed in heaps below 32 GiB, except with ZGC.
 */
final class Layout {
    static final int REFERENCE = areReferencesCompressed() ? Integer.BYTES : Long.BYTES;

    private static final int OBJECT_HEADER = 12;
    private static final int ARRAY_HEADER = 16;
    private static final int ALIGNMENT = 8;

    private Layout() {}

    private static boolean areReferencesCompressed() {
        return Boolean.parseBoolean(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("UseCompressedOops").getValue());
    }

    /**
     * Returns the size of an object.
     *
     * @param fields the bytes of its fields, each of which is aligned to its own size
     */
    static long object(int fields) {
        return aligned(OBJECT_HEADER + fields);
    }

    /**
     * Returns the size of an array.
     *
     * @param elements the bytes of its elements
     */
    static long array(long elements) {
        return aligned(ARRAY_HEADER + elements);
    }

    static long references(int length) {
        return array((long) REFERENCE * length);
    }

    /** Returns the length of an array of bytes with this size. */
    static int lengthOfBytes(int size) {
        return size - ARRAY_HEADER;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
