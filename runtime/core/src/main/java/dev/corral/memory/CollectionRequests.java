package dev.corral.memory;

import java.time.Duration;

/**
 * Limits how often the memory guard may request a collection of the whole heap, which stops all threads. There is one
 * for all clusters of a JVM. Thread-safe.
 */
public final class CollectionRequests {
    /** How soon a collection may follow the previous one, unless {@link #wasWorthIt} was called after that one. */
    public enum Haste {
        /** There is enough room. */
        NONE(Duration.ofSeconds(30)),
        /** There is so little room that the collector will soon run by itself. */
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

    /**
     * Records that the last requested collection had a useful result, so that the next one may follow at once: the leak
     * that it found may continue.
     */
    public synchronized void wasWorthIt() {
        any = false;
    }

    /** Returns whether a collection may be requested now. If so, it counts as requested. */
    public synchronized boolean mayAsk(long nowNanos, Haste haste) {
        if (any && nowNanos - lastNanos < haste.interval.toNanos()) {
            return false;
        }
        any = true;
        lastNanos = nowNanos;
        return true;
    }
}
