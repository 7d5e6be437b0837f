package dev.corral.hotspot;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * The room that large objects take in the heap. A collector that divides the heap into regions gives each large object
 * regions of its own, and the rest of the last region stays empty. For example, G1 with regions of 1 MB needs two
 * regions for an array of 1 MB, because the array also has a header.
 *
 * @param largestInside the bytes of the largest object that shares a region with others
 * @param regionBytes the size of a region; larger objects take a multiple of it
 */
record LargeObjects(long largestInside, long regionBytes) {
    private static final LargeObjects NONE = new LargeObjects(Long.MAX_VALUE, 1);
    private static final long KB = 1 << 10;
    private static final long MB = 1 << 20;
    /** G1 and Shenandoah divide the heap into at least this number of regions, unless these would be too small. */
    private static final long REGIONS = 2048;
    /** With ZGC, a medium page is this part of the heap, and an object on it takes at most an eighth of the page. */
    private static final long MEDIUM_PAGES = 32;
    private static final long EIGHTH = 8;
    private static final long Z_PAGE = 2 * MB;

    /** Returns the rule of this JVM's collector. */
    static LargeObjects ofThisJvm() {
        String names = ManagementFactory.getGarbageCollectorMXBeans().stream().map(GarbageCollectorMXBean::getName)
                .toList().toString();
        long heap = Runtime.getRuntime().maxMemory();
        return names.contains("G1 ") ? ofG1(regionBytesOfG1(heap))
                : names.contains("Shenandoah ") ? ofShenandoah(heap) : names.contains("ZGC ") ? ofZ(heap) : NONE;
    }

    /** Returns the rule of G1, where an object that takes more than half of a region is humongous. */
    static LargeObjects ofG1(long regionBytes) {
        return new LargeObjects(regionBytes / 2, regionBytes);
    }

    static LargeObjects ofShenandoah(long heapBytes) {
        long region = powerOfTwo(heapBytes / REGIONS, 256 * KB, 32 * MB);
        return new LargeObjects(region, region);
    }

    static LargeObjects ofZ(long heapBytes) {
        long medium = powerOfTwo(heapBytes / MEDIUM_PAGES, Z_PAGE, 16 * Z_PAGE);
        return new LargeObjects(medium / EIGHTH, Z_PAGE);
    }

    private static long regionBytesOfG1(long heapBytes) {
        boolean isKnown = ModuleLayer.boot().findModule("jdk.management").isPresent();
        return isKnown ? Flags.regionBytesOfG1() : powerOfTwo(heapBytes / REGIONS, MB, 32 * MB);
    }

    /** The part that needs the module {@code jdk.management}. */
    private static final class Flags {
        static long regionBytesOfG1() {
            return Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("G1HeapRegionSize").getValue());
        }
    }

    private static long powerOfTwo(long atMost, long smallest, long largest) {
        return Long.highestOneBit(Math.clamp(atMost, smallest, largest));
    }

    /** Returns the bytes of the heap that an object of this size takes. */
    double room(double bytes) {
        return bytes <= largestInside ? bytes : Math.ceil(bytes / regionBytes) * regionBytes;
    }
}
