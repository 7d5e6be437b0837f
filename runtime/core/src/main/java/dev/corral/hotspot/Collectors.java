package dev.corral.hotspot;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Counts the collections of this JVM, by kind. Thread-safe. */
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

    /** Returns the collectors of this JVM, each of which does a part of the work. */
    public static List<GarbageCollectorMXBean> beans() {
        return ALL;
    }

    /**
     * Returns the number of collections of any kind. Concurrent cycles and their pauses count separately, as far as the
     * collector counts them.
     */
    public static long count() {
        return count(ALL);
    }

    /**
     * Returns the number of collections that stopped all threads and traced the whole heap; always 0 with ZGC and
     * Shenandoah, which have none.
     */
    public static long fullCount() {
        return count(FULL);
    }

    /**
     * Returns the number of concurrent collections of the whole heap by ZGC. Always 0 with Shenandoah, which does not
     * report whether a collection traced the whole heap.
     */
    public static long majorCount() {
        return count(MAJORS);
    }

    /**
     * Returns the number of pauses of concurrent cycles of G1, two per cycle. The first pause of a cycle determines
     * what is garbage; later collections free it.
     */
    public static long markCount() {
        return count(MARKS);
    }

    /**
     * Returns the time that collections have taken so far, in nanoseconds, exact to the millisecond. Counts collections
     * that stop all threads; with ZGC, cycles over the whole heap, because threads wait for these when there is no
     * room.
     */
    public static long haltingNanos() {
        long millis = 0;
        for (int i = 0; i < HALTING.size(); i++) { // an iterator would allocate memory
            millis += Math.max(0, HALTING.get(i).getCollectionTime());
        }
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static long count(List<GarbageCollectorMXBean> beans) {
        long sum = 0;
        for (int i = 0; i < beans.size(); i++) { // an iterator would allocate memory
            sum += Math.max(0, beans.get(i).getCollectionCount());
        }
        return sum;
    }
}
