package dev.corral.hotspot;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How often the collectors of this JVM have run, by what they look at. Any thread. */
public final class Collectors {
    private static final List<GarbageCollectorMXBean> ALL = ManagementFactory.getGarbageCollectorMXBeans();
    private static final List<GarbageCollectorMXBean> FULL =
            named(Set.of("G1 Old Generation", "PS MarkSweep", "MarkSweepCompact"));
    private static final List<GarbageCollectorMXBean> MAJORS = named(Set.of("ZGC Major Cycles"));
    private static final List<GarbageCollectorMXBean> MARKS = named(Set.of("G1 Concurrent GC"));
    private static final List<GarbageCollectorMXBean> HALTING = MAJORS.isEmpty()
            ? ALL.stream().filter(each -> !each.getName().endsWith(" Cycles")).toList() : MAJORS;

    private Collectors() {}

    private static List<GarbageCollectorMXBean> named(Set<String> names) {
        return ALL.stream().filter(each -> names.contains(each.getName())).toList();
    }

    /** The collectors, each with a part of the work. */
    public static List<GarbageCollectorMXBean> beans() {
        return ALL;
    }

    /** Collections of any kind; cycles and their pauses each, as far as the collector counts them. */
    public static long count() {
        return count(ALL);
    }

    /** Those that stopped the world and looked at everything; none with ZGC and Shenandoah, which have no such thing. */
    public static long fullCount() {
        return count(FULL);
    }

    /** Concurrent ones over the whole heap, by ZGC. None with Shenandoah, of which nobody tells whether it has looked at everything. */
    public static long majorCount() {
        return count(MAJORS);
    }

    /** Pauses of concurrent cycles of G1, two each, the first of which tells what is garbage; collections after them free it. */
    public static long markCount() {
        return count(MARKS);
    }

    /**
     * What collections have taken so far, in nanoseconds, exact to the millisecond. Counts those that stop all threads; with ZGC, the cycles
     * over the whole heap, for which threads wait when there is no room.
     */
    public static long haltingNanos() {
        long millis = 0;
        for (int i = 0; i < HALTING.size(); i++) { // an iterator would take memory
            millis += Math.max(0, HALTING.get(i).getCollectionTime());
        }
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static long count(List<GarbageCollectorMXBean> beans) {
        long sum = 0;
        for (int i = 0; i < beans.size(); i++) { // an iterator would take memory
            sum += Math.max(0, beans.get(i).getCollectionCount());
        }
        return sum;
    }
}
