package dev.corral.health;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * For how long collections have stopped all threads, to the millisecond. That counts neither as their CPU time nor as time in which they
 * waited for a processor: one that makes nothing but garbage seems to rest. What the collector does beside the threads is no stop.
 * Belongs to the watchdog's thread.
 */
final class CollectorStops {
    private final List<GarbageCollectorMXBean> stopping = ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(each -> !each.getName().contains("Concurrent") && !each.getName().contains("Cycles")).toList();
    private long lastMillis = allMillis();

    /** Since the call before. */
    long stoppedNanos() {
        long now = allMillis();
        long stopped = now - lastMillis;
        lastMillis = now;
        return Duration.ofMillis(stopped).toNanos();
    }

    private long allMillis() {
        return stopping.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
    }
}
