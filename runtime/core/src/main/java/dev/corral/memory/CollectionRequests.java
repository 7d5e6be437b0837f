package dev.corral.memory;

import java.time.Duration;

/** How often the guard may ask for a collection of the whole heap, which stops everybody. One for all clusters of a JVM. Thread-safe. */
public final class CollectionRequests {
    /** How soon the next collection may follow the one before, unless what that one has found was worth it. */
    public enum Haste {
        /** There is room. */
        NONE(Duration.ofSeconds(30)),
        /** There is so little room that the collector will soon do it by itself. */
        URGENT(Duration.ofSeconds(2)),
        /** New connections wait for room. */
        AT_ONCE(Duration.ofMillis(500));

        private final Duration interval;

        Haste(Duration interval) {
            this.interval = interval;
        }

        Duration interval() {
            return interval;
        }
    }

    // Guarded by the monitor.
    private boolean any;
    private long lastNanos;

    /** What was found out by the last one justifies it, so that the next one need not wait: who leaks may do so again. */
    public synchronized void wasWorthIt() {
        any = false;
    }

    /** True if one may be asked for now; it then counts as asked for. */
    public synchronized boolean mayAsk(long nowNanos, Haste haste) {
        if (any && nowNanos - lastNanos < haste.interval.toNanos()) {
            return false;
        }
        any = true;
        lastNanos = nowNanos;
        return true;
    }
}
