package dev.corral.isolate;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;

/**
 * What the collector has done so far in this JVM.
 *
 * @param all collections of any kind; cycles and their pauses each, as far as the collector counts them
 * @param full those that stopped the world and looked at everything; none with ZGC and Shenandoah, which have no such thing
 * @param unloadings those that unloaded classes, as {@link Unloadings} has it
 */
record GcCounts(long all, long full, long unloadings) {
    private static final Set<String> FULL = Set.of("G1 Old Generation", "PS MarkSweep", "MarkSweepCompact");

    static GcCounts now() {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return new GcCounts(collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum(),
                collectors.stream().filter(each -> FULL.contains(each.getName()))
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum(),
                Unloadings.count());
    }
}
