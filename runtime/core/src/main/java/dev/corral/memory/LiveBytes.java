package dev.corral.memory;

import dev.corral.hotspot.AllocationSamples;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThread;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Knows for each {@link Holdings} what its owner keeps reachable in the heap that all share, from {@link AllocationSamples}.
 *
 * <p>A sample counts as live only when a collection has had a chance to find it dead: else what the young generation holds, garbage for the
 * most part, would count as well. Which samples these are is found out by canaries: samples bear a label; from time to time the
 * next label is taken and an object left behind that nobody holds. As soon as the collector has found that one, and those before, it has
 * looked at all samples with the labels before. (Only at the young ones if it was a young collection: garbage that is old counts as live until
 * the old generation is collected.) Each label has a cell of its own while it is in use; cells are used in turn, and what a cell holds of
 * earlier labels is taken over before.
 *
 * <p>The JVM tells of no allocation that it makes while a virtual thread leaves its carrier, and the stack of the thread is one. So the stacks
 * of those virtual threads are measured that are samples themselves, at most once in {@link #STACKS_NANOS}, after a collection.
 *
 * <p>Thread-safe. One for the JVM, with one daemon thread, which makes everything ready, for that takes some tenths of a second of a
 * processor, and then looks for the canary every {@link #LOOK_NANOS} while anything is to be known.
 */
public final class LiveBytes {
    private static final Log LOG = Log.get();

    private static final long LOOK_NANOS = 50_000_000;
    /**
     * The time from the end of a collection until the figures reflect it. The JVM reports the objects that it has found dead some moments later, and
     * the reports are looked for twice.
     */
    public static final long SETTLING_NANOS = 4 * LOOK_NANOS;
    /** Parts of the heap, so that a full one has some thousands of samples. */
    private static final int SAMPLES = 1 << 13;
    private static final int SMALLEST_INTERVAL = 1 << 16;
    private static final int LARGEST_INTERVAL = 1 << 19;
    /** Samples in a second for each processor, one of which takes about a microsecond and a half: 1% of it. */
    private static final double MOST_OF_A_PROCESSOR = 2_000;
    /** From one measurement of stacks to the next, at least; they take one part in {@link #STACKS_SHARE} of a processor at most. */
    private static final long STACKS_NANOS = 1_000_000_000;
    private static final long STACKS_SHARE = 10;
    private static final long NONE = -1;
    /** Labels that the collector has not looked at: no cell may be used again for another, and a few are left for the thread. */
    private static final int MOST_UNSEEN = AllocationSamples.CELLS / 2;

    /** Null where it cannot be had, and before it is ready. Written by the thread. */
    private volatile @Nullable AllocationSamples samples;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final ServiceThread thread = new ServiceThread("", "corral-live-bytes", this::run);

    // Owned by the thread.

    /** What was verified when stacks were measured last. */
    private long measuredAt = NONE;
    private long nextMeasureNanos = System.nanoTime();

    // All guarded by this.

    /** Those whose owners live, and those of which something is left. */
    private final List<Holdings> all = new ArrayList<>();
    /** Numbers of owners that nobody has. */
    private final Deque<Integer> free = new ArrayDeque<>();
    private int numbered;
    /** Whether it has turned out that it cannot be had. */
    private boolean impossible;
    /** Null while nothing is sampled. */
    private @Nullable SamplingRate rate;
    /** What samples bear now. */
    private long label;
    /** The collector has looked at the samples with this label, and at those before. */
    private long verified = NONE;
    private long canaries;
    /** Whether there is one for the label. */
    private boolean canaryLeft;
    private boolean canaryFound;

    /** Made at the first need. */
    private static final class Holder {
        static final LiveBytes INSTANCE = new LiveBytes();

        static {
            INSTANCE.thread.startSoon();
        }
    }

    private LiveBytes() {}

    /** Whether this JVM may have it; another agent that samples allocations is found out only when it is made ready. */
    public static boolean isPossible() {
        return AllocationSamples.isPossible();
    }

    /** Begins to make everything ready, if that has not begun: of a worker that starts before it is, the first allocations are not counted. */
    public static void prepare() {
        if (isPossible()) {
            Holder.INSTANCE.thread.wake();
        }
    }

    /** Waits until everything is ready, so that all is counted of who is opened then; false if it cannot be had after all. */
    public static boolean awaitReady() {
        if (!isPossible()) {
            return false;
        }
        LiveBytes instance = Holder.INSTANCE;
        boolean interrupted = false;
        while (instance.ready.getCount() > 0) {
            try {
                ServiceThreads.lookAfterAll(); // it may have been started without there being a thread for it
                boolean _ = instance.ready.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return instance.samples != null;
    }

    /**
     * Has figures be of what there is now, and no earlier, after the next collection of the whole heap that begins. To be called before one
     * that is asked for.
     */
    public static void expectCollection() {
        if (isPossible()) {
            Holder.INSTANCE.beginLabel();
        }
    }

    private synchronized void beginLabel() {
        AllocationSamples found = samples;
        if (found != null && label - verified < MOST_UNSEEN) {
            nextLabel(found);
        }
    }

    /** Whether allocations are sampled by the shortest interval, so that figures are as exact as they become. For tests. */
    static boolean isExact() {
        synchronized (Holder.INSTANCE) {
            SamplingRate found = Holder.INSTANCE.rate;
            return found != null && found.interval() == 0;
        }
    }

    /** How often figures have become newer so far. For tests. */
    static long rounds() {
        synchronized (Holder.INSTANCE) {
            return Holder.INSTANCE.verified;
        }
    }

    /**
     * Counts for a new owner from now on, or as soon as everything is ready.
     *
     * @param estimate whether live bytes are wanted; what ended threads have used is known in any case
     * @param scheduler of its virtual threads
     * @return null where that is not possible
     */
    public static @Nullable Holdings open(boolean estimate, Object scheduler, ThreadGroup group) {
        return isPossible() ? Holder.INSTANCE.add(new Holdings(Holder.INSTANCE, estimate, scheduler, group)) : null;
    }

    private synchronized Holdings add(Holdings holdings) {
        if (impossible) {
            return holdings;
        }
        all.add(holdings);
        AllocationSamples found = samples;
        if (found != null) {
            begin(holdings, found);
            thread.wake();
        }
        return holdings;
    }

    private void begin(Holdings holdings, AllocationSamples found) {
        Integer number = free.poll();
        if (number == null && numbered + 1 < AllocationSamples.OWNERS) {
            number = ++numbered;
        }
        if (number != null) {
            holdings.begin(number, label, found);
            if (holdings.isEstimated() && rate == null) {
                found.start(intervalBytes());
                rate = new SamplingRate(AllocationSamples.INTERVALS,
                        MOST_OF_A_PROCESSOR * Runtime.getRuntime().availableProcessors(),
                        System.nanoTime());
            }
        } // else there are too many, and its figures stay absent
    }

    private static int intervalBytes() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / SAMPLES, SMALLEST_INTERVAL, LARGEST_INTERVAL);
    }

    private void run() {
        AllocationSamples found = samples != null ? samples : make();
        ready.countDown();
        while (found != null) {
            thread.idle();
            if (isIdle()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, LOOK_NANOS);
                thread.busy();
                look(found);
                measureStacks();
            }
        }
    }

    private @Nullable AllocationSamples make() {
        try {
            AllocationSamples found = AllocationSamples.create();
            if (found != null) {
                begin(found);
                return found;
            }
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "live bytes of workers cannot be known", e);
        }
        synchronized (this) {
            impossible = true;
            all.clear();
        }
        return null;
    }

    private synchronized void begin(AllocationSamples found) {
        nextLabel(found);
        all.forEach(holdings -> begin(holdings, found));
        samples = found;
    }

    private synchronized boolean isIdle() {
        return all.isEmpty();
    }

    private synchronized void look(AllocationSamples found) {
        if (rate != null && rate.look(found.count(), System.nanoTime())) {
            found.useInterval(rate.interval());
        }
        if (!canaryLeft) {
            leaveCanary(found);
            return;
        }
        if (found.deadCanaries() < canaries) {
            return;
        }
        if (!canaryFound) { // what died with it may still be on its way
            canaryFound = true;
            return;
        }
        verified = label - 1;
        all.removeIf(holdings -> isOver(holdings, found));
        nextLabel(found);
    }

    private void measureStacks() {
        long start = System.nanoTime();
        if (start - nextMeasureNanos < 0 || !isNewerThan(measuredAt)) {
            return;
        }
        List<Holdings> owners;
        synchronized (this) {
            measuredAt = verified;
            owners = List.copyOf(all);
        }
        int[] cells = verifiedCells();
        long seen = measuredAt;
        owners.forEach(owner -> owner.measureStacks(cells, seen));
        long end = System.nanoTime();
        nextMeasureNanos = end + Math.max(STACKS_NANOS, STACKS_SHARE * (end - start));
    }

    /** What samples bear now. */
    synchronized long label() {
        return label;
    }

    private synchronized boolean isNewerThan(long measured) {
        return verified > measured;
    }

    private void nextLabel(AllocationSamples found) {
        label++;
        int cell = cellOf(label);
        all.forEach(holdings -> holdings.takeOver(cell));
        found.useCell(cell);
        canaryFound = false;
        canaryLeft = false;
        leaveCanary(found);
    }

    /** May fail for want of memory; it is done at the next look, then. */
    private void leaveCanary(AllocationSamples found) {
        found.leaveCanary();
        canaries++;
        canaryLeft = true;
    }

    /** Whether nothing is left that could still be counted; its number is free then. */
    private boolean isOver(Holdings holdings, AllocationSamples found) {
        boolean isOver = holdings.isOver();
        int number = holdings.number();
        if (isOver && number != 0) {
            found.clear(number);
            free.add(number);
        }
        return isOver;
    }

    /** Of what the collector has looked at; -1 while it has not looked since counting began. */
    synchronized long live(Holdings holdings) {
        if (holdings.number() == 0 || verified < holdings.begunAt()) {
            return NONE;
        }
        return Math.max(0, holdings.total() - unseen(holdings)) + holdings.stacks();
    }

    /** Whatever the collector has looked at. */
    synchronized long held(Holdings holdings) {
        return Math.max(0, holdings.total()) + holdings.stacks();
    }

    /** The cells of samples that the collector has looked at. */
    synchronized int[] verifiedCells() {
        int[] unseen = LongStream.rangeClosed(verified + 1, label).mapToInt(LiveBytes::cellOf).toArray();
        return IntStream.range(0, AllocationSamples.CELLS)
                .filter(cell -> IntStream.of(unseen).noneMatch(each -> each == cell)).toArray();
    }

    /** Of what the collector has not looked at. */
    synchronized long unseen(Holdings holdings) {
        long sum = 0;
        for (long each = Math.max(verified, holdings.begunAt() - 1) + 1; each <= label; each++) {
            sum += holdings.cell(cellOf(each));
        }
        return sum;
    }

    private static int cellOf(long label) {
        return (int) (label % AllocationSamples.CELLS);
    }
}
