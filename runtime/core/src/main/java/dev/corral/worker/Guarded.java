package dev.corral.worker;

import dev.corral.isolate.Isolate;
import dev.corral.memory.Limits;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** One incarnation as the guard of memory sees it. */
final class Guarded {
    private final long id;
    private final Figures figures;
    private final Reports reports;
    private final Limits limits;
    /** Set by the master's thread: whether its own limits count. */
    private volatile boolean limited;

    /** What it has. Any thread. */
    interface Figures {
        /**
         * Ever allocated.
         *
         * @param threads the platform threads of all workers, found a moment ago
         */
        long allocatedBytes(Map<Isolate, List<Thread>> threads);

        /** Cheap. */
        OptionalLong liveBytes();

        /** Allocated since the last collection, which may be garbage; an estimate. Cheap. */
        long unseenBytes();

        /** May have the JVM stop for a look, and wait for that. */
        OptionalLong metaspaceBytes();
    }

    /**
     * Guarded from its start.
     *
     * @param id of the worker
     * @param limits belong to the guard's thread from now on
     */
    Guarded(long id, Figures figures, Reports reports, Limits limits) {
        this.id = id;
        this.figures = figures;
        this.reports = reports;
        this.limits = limits;
    }

    long id() {
        return id;
    }

    Figures figures() {
        return figures;
    }

    Reports reports() {
        return reports;
    }

    Limits limits() {
        return limits;
    }

    boolean isLimited() {
        return limited;
    }

    void limit(boolean limited) {
        this.limited = limited;
    }
}
