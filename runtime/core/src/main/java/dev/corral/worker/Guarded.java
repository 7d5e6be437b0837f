package dev.corral.worker;

import dev.corral.ExitReason.OverMemory;
import dev.corral.ExitReason.OverMemory.Kept;
import dev.corral.isolate.Isolate;
import dev.corral.memory.Limits;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One incarnation as the guard of memory sees it. */
final class Guarded {
    private static final long KEPT_NANOS = 30_000_000_000L;

    private final long id;
    private final Figures figures;
    private final Reports reports;
    private final Limits limits;
    // Owned by the guard's thread: what it kept when that was found out last.
    private @Nullable List<Kept> kept;
    private long keptNanos;
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

        /** The types that take most of the live bytes, the largest first. Looks at all samples. */
        List<Kept> kept();

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

    /** Tells that it is over a limit: how it came to that is found out only now and then, for it may be told at each look. */
    void report(OverMemory reason, boolean now) {
        if (!now && (kept == null || System.nanoTime() - keptNanos > KEPT_NANOS)) {
            kept = figures.kept();
            keptNanos = System.nanoTime();
        }
        reports.overMemory(new OverMemory(reason.limit(), reason.bytes(), reason.limitBytes(),
                kept == null ? List.of() : kept), now);
    }

    long id() {
        return id;
    }

    Figures figures() {
        return figures;
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
