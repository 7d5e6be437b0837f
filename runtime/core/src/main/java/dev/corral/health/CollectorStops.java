package dev.corral.health;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * Measures for how long collections have stopped all threads, exact to the millisecond. This time counts neither as CPU
 * time of the threads nor as time in which they waited for a processor, so a thread that creates only garbage would
 * seem to rest. Concurrent work of the collector does not count. Used only by the watchdog's thread.
 */
final class CollectorStops {
    private final List<GarbageCollectorMXBean> stopping = ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(each -> !each.getName().contains("Concurrent") && !each.getName().contains("Cycles")).toList();
    private long lastMillis = allMillis();

    /** Returns the nanoseconds for which threads were stopped since the previous call. */
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
