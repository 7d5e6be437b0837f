package dev.corral.memory;

import dev.corral.ExitReason.OverMemory.Kept;
import dev.corral.hotspot.AllocationSamples;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What one owner of threads keeps reachable, and what its ended threads have used. Thread-safe. Keeps nothing of the owner alive. */
public final class Holdings {
    private final LiveBytes book;
    private final boolean estimated;
    private final WeakReference<Object> scheduler;
    private final WeakReference<ThreadGroup> group;
    /** Null before counting begins. Written once, with {@link #number} before it. */
    private volatile @Nullable AllocationSamples samples;
    /** In {@link AllocationSamples}; 0 before counting begins. */
    private int number;
    /** Of virtual threads, in bytes, as of the last measurement; an estimate. Written by the thread of the book. */
    private volatile long stacks;

    // Owned by the thread of the book.

    /** Samples of the size of a virtual thread at the last look. */
    private long threadSized;
    /** No such sample has a later label. */
    private long threadSizedLabel;
    /** Whether the collector had looked at all of them when stacks were measured last. */
    private boolean haveSeenAll;

    // Guarded by the book.

    /** What samples bore when counting began. */
    private long begunAt;
    /** What was in cells when they were used again. */
    private long takenOver;

    Holdings(LiveBytes book, boolean estimated, Object scheduler, ThreadGroup group) {
        this.book = book;
        this.estimated = estimated;
        this.scheduler = new WeakReference<>(scheduler);
        this.group = new WeakReference<>(group);
    }

    /**
     * Bytes, as of the last collection; an estimate. Empty while there has been no collection since counting began, or if live bytes are
     * not wanted.
     */
    public OptionalLong liveBytes() {
        long live = estimated ? book.live(this) : -1;
        return live < 0 ? OptionalLong.empty() : OptionalLong.of(live);
    }

    /** The types that take most of the live bytes, so many at most, the largest first; an estimate. Looks at all samples of the JVM. */
    public List<Kept> kept(int most) {
        AllocationSamples counted = samples;
        if (counted == null || !estimated) {
            return List.of();
        }
        Map<Class<?>, Long> bytes = new HashMap<>();
        counted.visit(number, book.verifiedCells(),
                (object, weight) -> bytes.merge(object.getClass(), weight, Long::sum));
        if (stacks > 0) {
            bytes.put(Stacks.TYPE, stacks);
        }
        return bytes.entrySet().stream().sorted(Map.Entry.<Class<?>, Long>comparingByValue().reversed()).limit(most)
                .map(each -> new Kept(each.getKey().getTypeName(), each.getValue())).toList();
    }

    /** Bytes that are not known to be dead, seen by a collection or not; an estimate. Takes no memory. */
    public long heldBytes() {
        return estimated ? book.held(this) : 0;
    }

    /** Bytes that no collection has had a chance to find dead; an estimate. */
    public long unseenBytes() {
        return estimated ? book.unseen(this) : 0;
    }

    /** Whether it is known what ended threads have used. */
    public boolean knowsEnded() {
        return samples != null;
    }

    /** Bytes that platform threads of the owner that have ended had allocated; exact. 0 while that is not known. */
    public long allocatedByEnded() {
        AllocationSamples counted = samples;
        return counted == null ? 0 : counted.allocatedByEnded(number);
    }

    /** What platform threads of the owner that have ended had burnt; exact. 0 while that is not known. */
    public long cpuNanosOfEnded() {
        AllocationSamples counted = samples;
        return counted == null ? 0 : counted.cpuNanosOfEnded(number);
    }

    // ---- For the book, which guards them ----

    void begin(int number, long label, AllocationSamples counted) {
        Object owner = scheduler.get();
        ThreadGroup threads = group.get();
        if (owner != null && threads != null) { // else it is over already
            counted.own(owner, number);
            counted.own(threads, number);
        }
        this.number = number;
        begunAt = label;
        samples = counted;
    }

    /**
     * Measures the stacks of its virtual threads, unless there are none. On the thread of the book.
     *
     * @param cells of samples that the collector has looked at
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
            threadSizedLabel = book.label(); // after the count: no sample that is counted has a later one
            haveSeenAll = false;
        }
        if (stacks == 0 && haveSeenAll) {
            return;
        }
        double[] sum = {0};
        counted.visitThreadSized(number, cells, (object, count) -> sum[0] += count * Stacks.bytesOf(object));
        stacks = Math.round(sum[0]);
        haveSeenAll = verified >= threadSizedLabel;
    }

    /** The stacks of its virtual threads, in bytes. */
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

    /** What is not known to be dead. */
    long total() {
        long sum = takenOver;
        for (int i = 0; i < AllocationSamples.CELLS; i++) {
            sum += cell(i);
        }
        return sum;
    }

    /** Whether nothing of the owner is left. */
    boolean isOver() {
        return scheduler.refersTo(null) && group.refersTo(null) && total() == 0;
    }
}
