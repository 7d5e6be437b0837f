package dev.corral.guard;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason.OverMemory.AllocatedAt;
import dev.corral.ExitReason.OverMemory.Kept;
import dev.corral.ExitReason.OverMemory;
import dev.corral.isolate.Isolate;
import dev.corral.memory.FlightRecordings;
import dev.corral.memory.Limits;
import dev.corral.report.Reports;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One worker, as the memory guard sees it. */
public final class GuardedWorker {
    private static final Log LOG = Log.get();
    /** The time for which {@link #findings} are used again. */
    private static final long FRESH_NANOS = 30_000_000_000L;
    /** Reads flight recordings, so that the guard's thread does not wait for this. */
    private static final Executor SEARCHES = ServiceThreads.single("corral-allocations");

    private final long id;
    private final Figures figures;
    private final Reports reports;
    private final Limits limits;
    /**
     * What the worker keeps and where it allocates, as found last. Written by the guard's thread, or by
     * {@link #SEARCHES} while {@link #searching} is true.
     */
    private volatile @Nullable Findings findings;
    /** Set to true by the guard's thread, and to false by the end of the search. */
    private volatile boolean searching;
    /** Whether the worker's own limits count. Written by the master's thread. */
    private volatile boolean limited;

    /**
     * What the worker held at the last check. The {@link Rescue} reads this field, because in a full heap a thread that
     * holds the lock of the figures may wait for memory. Written by the guard's thread.
     */
    private volatile long heldBytes;

    private record Findings(List<Kept> kept, List<AllocatedAt> allocatedAt, long atNanos) {}

    /** The figures of a worker. Thread-safe. */
    public interface Figures {
        /**
         * Returns the bytes that the worker has allocated so far.
         *
         * @param threads the platform threads of all workers, as of a moment ago
         */
        long allocatedBytes(Map<Isolate, List<Thread>> threads);

        /** Returns what the worker keeps reachable, in bytes. Cheap. */
        OptionalLong liveBytes();

        /** Makes each loop and call of the worker's code throw from now on, so that it allocates no more. */
        void stopCode();

        /**
         * Returns the bytes that are not known to be dead: live ones, and those that are not yet examined; an estimate.
         * Cheap, and allocates nothing.
         */
        long heldBytes();

        /** Returns the bytes allocated since the last collection, which may be garbage; an estimate. Cheap. */
        long unseenBytes();

        /** Returns the types that take most of the live bytes, the largest first. Visits all samples. */
        List<Kept> kept();

        /**
         * Returns the stacks that have allocated most in the last minute, the largest first; none if no flight
         * recording runs. Reads the recording, which blocks for a second or more.
         */
        List<AllocatedAt> allocatedAt() throws IOException;

        /**
         * Returns the bytes that the worker's classes take. May stop the JVM for a moment, and blocks until the result
         * is there.
         */
        OptionalLong metaspaceBytes();
    }

    /**
     * Creates a worker that is guarded.
     *
     * @param id the worker's id
     * @param limits its limits, which only the guard's thread uses from now on
     */
    GuardedWorker(long id, Figures figures, Reports reports, Limits limits) {
        this.id = id;
        this.figures = figures;
        this.reports = reports;
        this.limits = limits;
    }

    /**
     * Reports that the worker is over a limit. The details are collected only from time to time, because a worker may
     * be reported at each check. If a flight recording must be read for them, the report follows later, unless it is
     * urgent. On the guard's thread.
     *
     * @param now whether the report is urgent: the worker must be killed
     */
    void report(OverMemory reason, boolean now) {
        if (!now && searching) {
            return;
        }
        Findings last = findings;
        if (now || (last != null && System.nanoTime() - last.atNanos < FRESH_NANOS)) {
            pass(reason, last, now);
            return;
        }
        List<Kept> kept = kept();
        if (FlightRecordings.haveAllocations()) {
            search(reason, kept);
        } else {
            reportNew(reason, new Findings(kept, List.of(), System.nanoTime()));
        }
    }

    private List<Kept> kept() {
        try {
            return figures.kept();
        } catch (RuntimeException | Error e) { // no memory: the worker is reported without these details
            LOG.failed("cannot determine what is kept by worker ", Long.toString(id), e);
            return List.of();
        }
    }

    private void search(OverMemory reason, List<Kept> kept) {
        searching = true;
        try {
            SEARCHES.execute(() -> {
                try {
                    reportNew(reason, new Findings(kept, allocatedAt(), System.nanoTime()));
                } finally {
                    searching = false;
                }
            });
        } catch (RuntimeException | Error e) { // no thread is available; the next check tries again
            searching = false;
            throw e;
        }
    }

    private void reportNew(OverMemory reason, Findings found) {
        findings = found;
        pass(reason, found, false);
    }

    private List<AllocatedAt> allocatedAt() {
        try {
            return figures.allocatedAt();
        } catch (IOException | RuntimeException | Error e) { // no room on the disk, or no memory
            LOG.failed("cannot determine where objects are allocated by worker ", Long.toString(id), e);
            return List.of();
        }
    }

    private void pass(OverMemory reason, @Nullable Findings found, boolean now) {
        reports.overMemory(found == null ? reason : new OverMemory(reason.limit(), reason.bytes(), reason.limitBytes(),
                found.kept, found.allocatedAt), now);
    }

    /** Makes the worker's code throw from now on. Allocates nothing. Any thread may call it. */
    void stopCode() {
        figures.stopCode();
    }

    /**
     * Reports the worker as one that must be killed without time to drain, because no memory is left. Call
     * {@link #stopCode} before. Any thread may call it.
     */
    void end() {
        var reason = new OverMemory(Limit.FULL_HEAP, heldBytes, 0);
        reports.overMemory(reason, true);
        reports.overMemory(reason, true); // the first one only lets it drain
    }

    /** Records what the worker holds now. On the guard's thread. */
    void check() {
        heldBytes = figures.heldBytes();
    }

    /**
     * Returns what the worker held at the last check. Does not block, and allocates nothing. Any thread may call it.
     */
    long heldBytes() {
        return heldBytes;
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

    /** Sets whether the worker's own limits count. On the master's thread. */
    public void limit(boolean limited) {
        this.limited = limited;
    }
}
