package dev.corral.memory;

import java.time.Duration;

/** How often the guard may ask for a collection of the whole heap, which stops everybody. One for all clusters of a JVM. Thread-safe. */
public final class CollectionRequests {
    /** Between two, while there is room, unless the first of them was worth it. */
    static final Duration INTERVAL = Duration.ofSeconds(30);
    /** Between two, while there is so little that the collector will soon do it by itself. */
    static final Duration URGENT_INTERVAL = Duration.ofSeconds(2);

    // Guarded by the monitor.
    private boolean any;
    private long lastNanos;

    /** What was found out by the last one justifies it, so that the next one need not wait: who leaks may do so again. */
    public synchronized void wasWorthIt() {
        any = false;
    }

    /** True if one may be asked for now; it then counts as asked for. */
    public synchronized boolean mayAsk(long nowNanos, boolean urgent) {
        Duration interval = urgent ? URGENT_INTERVAL : INTERVAL;
        if (any && nowNanos - lastNanos < interval.toNanos()) {
            return false;
        }
        any = true;
        lastNanos = nowNanos;
        return true;
    }
}
