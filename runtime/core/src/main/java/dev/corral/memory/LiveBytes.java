package dev.corral.memory;

import dev.corral.hotspot.AllocationSamples;
import dev.corral.queue.ServiceThreads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Knows for each {@link Holdings} what its owner keeps reachable in the heap that all share, from {@link AllocationSamples}.
 *
 * <p>A sample counts as live only when a collection has had a chance to find it dead: else what the young generation holds, garbage for the
 * most part, would count as well. Which samples these are is found out by canaries: samples bear a label; from time to time the
 * next label is taken and an object left behind that nobody holds. As soon as the collector has found that one, it has looked at all
 * samples with the labels before. (Only at the young ones if it was a young collection: garbage that is old counts as live until
 * the old generation is collected.) Each label has a cell of its own while it is in use; cells are used in turn, and what a cell holds of
 * earlier labels is taken over before.
 *
 * <p>Thread-safe. One for the JVM, with one daemon thread that looks for the canary every {@link #LOOK_NANOS} while there is a holdings.
 */
public final class LiveBytes {
    private static final long LOOK_NANOS = 50_000_000;
    /** Parts of the heap, so that a full one has some thousands of samples. */
    private static final int SAMPLES = 1 << 13;
    private static final int SMALLEST_INTERVAL = 1 << 16;
    private static final int LARGEST_INTERVAL = 1 << 19;
    /** A label that nothing has had. */
    private static final long NONE = -1;

    private final AllocationSamples samples;
    private final int intervalBytes;
    private final Thread thread;

    // All guarded by this.

    /** Numbers of owners that nobody has. */
    private final Deque<Integer> free = new ArrayDeque<>();
    private int numbered;
    /** Those whose owners live, and those of which something is left. */
    private final List<Holdings> all = new ArrayList<>();
    private boolean sampling;
    /** What samples bear now. */
    private long label;
    /** The collector has looked at the samples with this label, and at those before. */
    private long verified = NONE;
    private long canaries;
    private boolean canaryFound;

    /** Made at the first need. */
    private static final class Holder {
        static final @Nullable LiveBytes INSTANCE = create();

        private static @Nullable LiveBytes create() {
            AllocationSamples samples = AllocationSamples.find();
            return samples == null ? null : new LiveBytes(samples);
        }
    }

    private LiveBytes(AllocationSamples samples) {
        this.samples = samples;
        intervalBytes = Math.clamp(Runtime.getRuntime().maxMemory() / SAMPLES, SMALLEST_INTERVAL,
                LARGEST_INTERVAL);
        nextLabel();
        thread = ServiceThreads.builder().name("corral-live-bytes").start(this::run);
    }

    /** Whether this JVM has it. */
    public static boolean isPossible() {
        return Holder.INSTANCE != null;
    }

    /**
     * Counts for a new owner from now on.
     *
     * @param estimate whether live bytes are wanted; what ended threads have used is known in any case
     * @param scheduler of its virtual threads
     * @return null where that is not possible
     */
    public static @Nullable Holdings open(boolean estimate, Object scheduler, ThreadGroup group) {
        return Holder.INSTANCE == null ? null : Holder.INSTANCE.add(estimate, scheduler, group);
    }

    private synchronized @Nullable Holdings add(boolean estimate, Object scheduler, ThreadGroup group) {
        Integer number = free.poll();
        if (number == null) {
            if (numbered + 1 == AllocationSamples.OWNERS) {
                return null;
            }
            number = ++numbered;
        }
        if (estimate && !sampling) {
            sampling = true;
            samples.start(intervalBytes);
        }
        samples.own(scheduler, number);
        samples.own(group, number);
        var holdings = new Holdings(this, number, estimate, label, scheduler, group);
        all.add(holdings);
        LockSupport.unpark(thread);
        return holdings;
    }

    private void run() {
        while (true) {
            try {
                if (isIdle()) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, LOOK_NANOS);
                    look();
                }
            } catch (OutOfMemoryError e) {
                // there is more at the next look, or nobody has any
            }
        }
    }

    private synchronized boolean isIdle() {
        return all.isEmpty();
    }

    private synchronized void look() {
        if (samples.deadCanaries() < canaries) {
            return;
        }
        if (!canaryFound) { // what died with it may still be on its way
            canaryFound = true;
            return;
        }
        verified = label - 1;
        all.removeIf(this::isOver);
        nextLabel();
    }

    private void nextLabel() {
        label++;
        for (Holdings holdings : all) {
            holdings.takenOver += samples.takeCell(holdings.number, cellOf(label));
        }
        samples.useCell(cellOf(label));
        samples.leaveCanary();
        canaries++;
        canaryFound = false;
    }

    /** Whether nothing is left that could still be counted; its number is free then. */
    private boolean isOver(Holdings holdings) {
        if (!holdings.isOver(total(holdings))) {
            return false;
        }
        samples.clear(holdings.number);
        free.add(holdings.number);
        return true;
    }

    private long total(Holdings holdings) {
        long sum = holdings.takenOver;
        for (int cell = 0; cell < AllocationSamples.CELLS; cell++) {
            sum += samples.cell(holdings.number, cell);
        }
        return sum;
    }

    /** Of what the collector has looked at; negative while it has not looked since it was opened. */
    synchronized long live(Holdings holdings) {
        if (verified < holdings.openedAt) {
            return NONE;
        }
        long sum = total(holdings);
        for (long each = verified + 1; each <= label; each++) {
            sum -= samples.cell(holdings.number, cellOf(each));
        }
        return Math.max(0, sum);
    }

    AllocationSamples samples() {
        return samples;
    }

    private static int cellOf(long label) {
        return (int) (label % AllocationSamples.CELLS);
    }
}
