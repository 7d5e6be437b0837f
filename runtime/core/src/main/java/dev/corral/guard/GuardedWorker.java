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

/** One incarnation as the guard of memory sees it. */
public final class GuardedWorker {
    private static final Log LOG = Log.get();
    private static final long FRESH_NANOS = 30_000_000_000L;
    /** Reads recordings, which the guard does not wait for. */
    private static final Executor SEARCHES = ServiceThreads.single("corral-allocations");

    private final long id;
    private final Figures figures;
    private final Reports reports;
    private final Limits limits;
    /** How it came to that, as found out last. Written by the guard's thread, or by {@link #SEARCHES} while {@link #searching}. */
    private volatile @Nullable Findings findings;
    /** Set by the guard's thread, and taken back when that has been done. */
    private volatile boolean searching;
    /** Set by the master's thread: whether its own limits count. */
    private volatile boolean limited;

    /**
     * What it held at the last look. In a full heap, those who hold the lock of the figures may wait for memory. Written by the guard's
     * thread.
     */
    private volatile long heldBytes;

    private record Findings(List<Kept> kept, List<AllocatedAt> allocatedAt, long atNanos) {}

    /** What it has. Any thread. */
    public interface Figures {
        /**
         * Ever allocated.
         *
         * @param threads the platform threads of all workers, found a moment ago
         */
        long allocatedBytes(Map<Isolate, List<Thread>> threads);

        /** Cheap. */
        OptionalLong liveBytes();

        /** Has each loop and call of its code throw from now on, so that it takes no more memory. */
        void stopCode();

        /** Not known to be dead: what is live, and what is not known yet; an estimate. Cheap, and takes no memory. */
        long heldBytes();

        /** Allocated since the last collection, which may be garbage; an estimate. Cheap. */
        long unseenBytes();

        /** The types that take most of the live bytes, the largest first. Looks at all samples. */
        List<Kept> kept();

        /**
         * The stacks that have allocated most in the last minute, the largest first; none if no flight recording runs. Reads what it has
         * recorded, which takes a second or more.
         */
        List<AllocatedAt> allocatedAt() throws IOException;

        /** May have the JVM stop for a look, and wait for that. */
        OptionalLong metaspaceBytes();
    }

    /**
     * Guarded from its start.
     *
     * @param id of the worker
     * @param limits belong to the guard's thread from now on
     */
    GuardedWorker(long id, Figures figures, Reports reports, Limits limits) {
        this.id = id;
        this.figures = figures;
        this.reports = reports;
        this.limits = limits;
    }

    /**
     * Tells that it is over a limit. How it came to that is found out only now and then, for it may be told at each look; where a
     * flight recording has to be read for it, it is told after that, unless it is urgent. On the guard's thread.
     */
    void report(OverMemory reason, boolean now) {
        if (!now && searching) {
            return;
        }
        Findings last = findings;
        if (now || (last != null && System.nanoTime() - last.atNanos < FRESH_NANOS)) {
            tell(reason, last, now);
            return;
        }
        List<Kept> kept = kept();
        if (FlightRecordings.haveAllocations()) {
            search(reason, kept);
        } else {
            tellNew(reason, new Findings(kept, List.of(), System.nanoTime()));
        }
    }

    private List<Kept> kept() {
        try {
            return figures.kept();
        } catch (RuntimeException | Error e) { // no memory: what is to be done is done without knowing
            LOG.failed("what is kept is not known of worker ", Long.toString(id), e);
            return List.of();
        }
    }

    private void search(OverMemory reason, List<Kept> kept) {
        searching = true;
        try {
            SEARCHES.execute(() -> {
                try {
                    tellNew(reason, new Findings(kept, allocatedAt(), System.nanoTime()));
                } finally {
                    searching = false;
                }
            });
        } catch (RuntimeException | Error e) { // no thread to be had; the next look tries again
            searching = false;
            throw e;
        }
    }

    private void tellNew(OverMemory reason, Findings found) {
        findings = found;
        tell(reason, found, false);
    }

    private List<AllocatedAt> allocatedAt() {
        try {
            return figures.allocatedAt();
        } catch (IOException | RuntimeException | Error e) { // no room on the disk, or no memory
            LOG.failed("where it allocates is not known of worker ", Long.toString(id), e);
            return List.of();
        }
    }

    private void tell(OverMemory reason, @Nullable Findings found, boolean now) {
        reports.overMemory(found == null ? reason : new OverMemory(reason.limit(), reason.bytes(), reason.limitBytes(),
                found.kept, found.allocatedAt), now);
    }

    /** Has its code throw from now on. Takes no memory. Any thread. */
    void stopCode() {
        figures.stopCode();
    }

    /** After {@link #stopCode}: has it killed without a moment to drain, because there is no memory left. Any thread. */
    void end() {
        var reason = new OverMemory(Limit.FULL_HEAP, heldBytes, 0);
        reports.overMemory(reason, true);
        reports.overMemory(reason, true); // the first one only lets it drain
    }

    /** Takes down what it holds now. On the guard's thread. */
    void look() {
        heldBytes = figures.heldBytes();
    }

    /** What it held at the last look. Waits for nobody, and takes no memory. Any thread. */
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

    public void limit(boolean limited) {
        this.limited = limited;
    }
}
