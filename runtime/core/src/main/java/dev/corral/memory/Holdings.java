package dev.corral.memory;

import dev.corral.ExitReason.OverMemory.Kept;
import dev.corral.hotspot.AllocationSamples;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The account of one owner of threads, that is, of one worker: what it keeps reachable, and what its ended threads have
 * used. Thread-safe. Does not keep the owner reachable.
 */
public final class Holdings {
    private final LiveBytes account;
    private final boolean estimated;
    private final WeakReference<?> scheduler;
    private final WeakReference<ThreadGroup> group;
    /** Returns the exact number of the owner's virtual threads that have not ended; 0 if it is not known. */
    private final IntSupplier virtualThreads;
    /**
     * Null before counting begins. Written once, by the thread {@code corral-live-bytes} or the one that adds this
     * object, after {@link #number}; readers that find it set also see the number.
     */
    private volatile @Nullable AllocationSamples samples;
    /** The owner's number in {@link AllocationSamples}; 0 before counting begins. */
    private int number;
    /**
     * Bytes in the stacks and timers of the owner's virtual threads, as of the last measurement; an estimate. Written
     * by the thread {@code corral-live-bytes}.
     */
    private volatile long stacks;

    // Owned by the thread corral-live-bytes.

    /** The number of samples with the size of a virtual thread, at the last measurement. */
    private long threadSized;
    /** No such sample has a later label. */
    private long threadSizedLabel;
    /** Whether the collector had examined all of these samples at the last measurement. */
    private boolean haveSeenAll;

    // Guarded by the monitor of the account.

    /** The label of samples when counting began. */
    private long begunAt;
    /** The sum of the contents of cells at the time when they were reused. */
    private long takenOver;

    <S> Holdings(LiveBytes account, boolean estimated, S scheduler, ToIntFunction<? super S> virtualThreads,
            ThreadGroup group) {
        this.account = account;
        this.estimated = estimated;
        var reference = new WeakReference<>(scheduler);
        this.scheduler = reference;
        this.virtualThreads = () -> {
            S found = reference.get();
            return found == null ? 0 : virtualThreads.applyAsInt(found);
        };
        this.group = new WeakReference<>(group);
    }

    /**
     * Returns the bytes that the owner keeps reachable, as of the last collection; an estimate. Empty while there has
     * been no collection since counting began, and if live bytes are not wanted.
     */
    public OptionalLong liveBytes() {
        long live = estimated ? account.live(this) : -1;
        return live < 0 ? OptionalLong.empty() : OptionalLong.of(live);
    }

    /**
     * Returns the types that take most of the live bytes, the largest first; an estimate. Visits all samples of the
     * JVM.
     *
     * @param most the largest number of types to return
     */
    public List<Kept> kept(int most) {
        AllocationSamples counted = samples;
        if (counted == null || !estimated) {
            return List.of();
        }
        Map<Class<?>, Long> bytes = new HashMap<>();
        counted.visit(number, account.verifiedCells(),
                (object, weight) -> bytes.merge(object.getClass(), weight, Long::sum));
        if (stacks > 0) {
            bytes.put(Stacks.TYPE, stacks);
        }
        return bytes.entrySet().stream().sorted(Map.Entry.<Class<?>, Long>comparingByValue().reversed()).limit(most)
                .map(each -> new Kept(each.getKey().getTypeName(), each.getValue())).toList();
    }

    /**
     * Returns the bytes that are not known to be dead, whether or not a collection has examined them; an estimate.
     * Allocates nothing.
     */
    public long heldBytes() {
        return estimated ? account.held(this) : 0;
    }

    /** Returns the bytes that no collection has had a chance to find dead; an estimate. */
    public long unseenBytes() {
        return estimated ? account.unseen(this) : 0;
    }

    /** Returns whether the use of ended threads is known. */
    public boolean knowsEnded() {
        return samples != null;
    }

    /** Returns the bytes that ended platform threads of the owner had allocated; exact. 0 while it is not known. */
    public long allocatedByEnded() {
        AllocationSamples counted = samples;
        return counted == null ? 0 : counted.allocatedByEnded(number);
    }

    /** Returns the CPU time of ended platform threads of the owner, in nanoseconds; exact. 0 while it is not known. */
    public long cpuNanosOfEnded() {
        AllocationSamples counted = samples;
        return counted == null ? 0 : counted.cpuNanosOfEnded(number);
    }

    // ---- For LiveBytes, which calls these methods with its monitor held unless they say otherwise ----

    /**
     * Begins to count.
     *
     * @param number the number of the owner in {@code counted}
     * @param label the label of samples now
     */
    void begin(int number, long label, AllocationSamples counted) {
        Object owner = scheduler.get();
        ThreadGroup threads = group.get();
        if (owner != null && threads != null) { // otherwise the owner has ended already
            counted.own(owner, number);
            counted.own(threads, number);
        }
        this.number = number;
        begunAt = label;
        samples = counted;
    }

    /**
     * Measures the stacks of the owner's virtual threads, unless it has none. Called by the thread
     * {@code corral-live-bytes}, without the monitor.
     *
     * @param cells the cells of samples that the collector has examined
     * @param verified the last label of these samples
     */
    void measureStacks(int[] cells, long verified) {
        AllocationSamples counted = samples;
        long now = counted == null || !estimated ? 0 : counted.threadSized(number);
        if (counted == null || now == 0) {
            return;
        }
        if (now != threadSized) {
            threadSized = now;
            threadSizedLabel = account.label(); // read after the count, so no counted sample has a later label
            haveSeenAll = false;
        }
        if (stacks == 0 && haveSeenAll) {
            return;
        }
        stacks = Math.round(stacksOf(counted, cells));
        haveSeenAll = verified >= threadSizedLabel;
    }

    /**
     * Multiplies the mean of the sampled threads by the number of threads, because that number is exact and the number
     * of samples is small.
     */
    private double stacksOf(AllocationSamples counted, int[] cells) {
        var sampled = new Sampled();
        counted.visitThreadSized(number, cells, sampled::add);
        int running = virtualThreads.getAsInt();
        return running == 0 || sampled.threads == 0 ? sampled.bytes : sampled.bytes / sampled.threads * running;
    }

    /** The sum over the sampled virtual threads that have not ended. */
    private static final class Sampled {
        /** The number of threads that the samples stand for. */
        double threads;
        /** The bytes in the stacks and timers of these threads. */
        double bytes;

        void add(Object object, double count) {
            if (Stacks.isRunning(object)) {
                threads += count;
                bytes += count * Stacks.bytesOf(object);
            }
        }
    }

    /** Returns the bytes in the stacks and timers of the owner's virtual threads. */
    long stacks() {
        return stacks;
    }

    boolean isEstimated() {
        return estimated;
    }

    int number() {
        return number;
    }

    long begunAt() {
        return begunAt;
    }

    /** Adds the content of a cell to the owner's total and empties the cell, so that a new label can use it. */
    void takeOver(int cell) {
        AllocationSamples counted = samples;
        if (counted != null) {
            takenOver += counted.takeCell(number, cell);
        }
    }

    long cell(int cell) {
        AllocationSamples counted = samples;
        return counted == null ? 0 : counted.cell(number, cell);
    }

    /** Returns the bytes that are not known to be dead. */
    long total() {
        long sum = takenOver;
        for (int i = 0; i < AllocationSamples.CELLS; i++) {
            sum += cell(i);
        }
        return sum;
    }

    /** Returns whether the owner is gone and none of its sampled objects is left. */
    boolean isOver() {
        return scheduler.refersTo(null) && group.refersTo(null) && total() == 0;
    }
}
