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
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures for each {@link Holdings} what its owner keeps reachable in the common heap, by means of
 * {@link AllocationSamples}.
 *
 * <p>A sample counts as live only after a collection has had a chance to find it dead. Otherwise the young generation,
 * which is mostly garbage, would count as well. Labels and canaries show which samples a collection has examined. Each
 * sample bears the label that is current when it is taken. From time to time the label is increased and a canary is
 * left: an object that nothing references. When the collector has found this canary and all earlier ones dead, it has
 * examined all samples with earlier labels. (A young collection has examined only the young ones: old garbage counts as
 * live until the old generation is collected.) Each label has its own cell while it is in use. Cells are used in turn;
 * before a cell is reused, its content is added to the owner's total.
 *
 * <p>The JVM reports no allocation that it makes while a virtual thread leaves its carrier, and the stack of the thread
 * is such an allocation. A timer of a virtual thread is allocated on the carrier, which is not the owner's thread.
 * Therefore the stacks and timers of those virtual threads that are samples themselves are measured, after a collection
 * and at most once in {@link #STACKS_NANOS}. Their mean is multiplied by the number of the owner's virtual threads.
 *
 * <p>Thread-safe. There is one for the JVM. Its daemon thread, {@code corral-live-bytes}, prepares everything, which
 * takes some tenths of a second of CPU time. Then it checks the canary every {@link #LOOK_NANOS} while there are
 * owners.
 */
public final class LiveBytes {
    private static final Log LOG = Log.get();

    private static final long LOOK_NANOS = 50_000_000;
    /**
     * The time from the end of a collection until the figures reflect it. The JVM reports dead objects some moments
     * after the collection, and {@link LiveBytes} polls twice before it uses the reports.
     */
    public static final long SETTLING_NANOS = 4 * LOOK_NANOS;
    /** The sampling interval is the heap divided by this number, so that a full heap has some thousands of samples. */
    private static final int SAMPLES = 1 << 13;
    private static final int SMALLEST_INTERVAL = 1 << 16;
    private static final int LARGEST_INTERVAL = 1 << 19;
    /**
     * The largest number of samples per second and processor. A sample takes about 1.5 microseconds, so this is below
     * 1% of a processor.
     */
    private static final double MOST_OF_A_PROCESSOR = 2_000;
    /**
     * The shortest time between two measurements of stacks. They use at most one part in {@link #STACKS_SHARE} of a
     * processor.
     */
    private static final long STACKS_NANOS = 1_000_000_000;
    private static final long STACKS_SHARE = 10;
    private static final long NONE = -1;
    /**
     * The largest number of labels that the collector has not yet examined: a cell must not be reused while its label
     * is among them, and the thread needs a few.
     */
    private static final int MOST_UNSEEN = AllocationSamples.CELLS / 2;

    /** Null before it is ready, and where it is not available. Written by the thread. */
    private volatile @Nullable AllocationSamples samples;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final ServiceThread thread = new ServiceThread("", "corral-live-bytes", this::run);

    // Owned by the thread.

    /** The value of {@link #verified} at the last measurement of stacks. */
    private long measuredAt = NONE;
    private long nextMeasureNanos = System.nanoTime();

    // All guarded by this.

    /** Accounts whose owners live or have sampled objects left. */
    private final List<Holdings> all = new ArrayList<>();
    /** Numbers of owners that can be used again. */
    private final Deque<Integer> free = new ArrayDeque<>();
    private int numbered;
    /** Whether preparation has failed, so that nothing is counted. */
    private boolean impossible;
    /** Null while nothing is sampled. */
    private @Nullable SamplingRate rate;
    /** The label of new samples. */
    private long label;
    /** The collector has examined the samples with this label and with all earlier labels. */
    private long verified = NONE;
    private long canaries;
    /** Whether a canary was left for the current label. */
    private boolean canaryLeft;
    private boolean canaryFound;

    /** Creates the instance at its first use. */
    private static final class Holder {
        static final LiveBytes INSTANCE = new LiveBytes();

        static {
            INSTANCE.thread.startSoon();
        }
    }

    private LiveBytes() {}

    /**
     * Returns whether this JVM can measure live bytes. Another agent that samples allocations is detected only during
     * preparation.
     */
    public static boolean isPossible() {
        return AllocationSamples.isPossible();
    }

    /**
     * Starts the preparation if it has not begun. Returns at once. The first allocations of a worker that starts before
     * the preparation is complete are not counted.
     */
    public static void prepare() {
        if (isPossible()) {
            Holder.INSTANCE.thread.wake();
        }
    }

    /**
     * Blocks until the preparation is complete, so that all allocations of workers that start afterwards are counted.
     * An interrupt does not end the wait; the thread's interrupt status is set on return.
     *
     * @return false if live bytes cannot be measured
     */
    public static boolean awaitReady() {
        if (!isPossible()) {
            return false;
        }
        LiveBytes instance = Holder.INSTANCE;
        boolean interrupted = false;
        while (instance.ready.getCount() > 0) {
            try {
                ServiceThreads.superviseAll(); // starts the thread again if the system had none for it
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
     * Begins a new label, so that the next collection of the whole heap that begins updates the figures to the present
     * state. Call this before a requested collection.
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

    /**
     * Returns whether allocations are sampled with the shortest interval, which gives the most exact figures. For
     * tests.
     */
    static boolean isExact() {
        synchronized (Holder.INSTANCE) {
            SamplingRate found = Holder.INSTANCE.rate;
            return found != null && found.interval() == 0;
        }
    }

    /** Returns how often the figures have been updated so far. For tests. */
    static long rounds() {
        synchronized (Holder.INSTANCE) {
            return Holder.INSTANCE.verified;
        }
    }

    /**
     * Creates the account of a new owner. Counting begins at once, or as soon as the preparation is complete.
     *
     * @param estimate whether live bytes are wanted; the use of ended threads is known in any case
     * @param scheduler the scheduler of the owner's virtual threads
     * @param virtualThreads returns the number of its virtual threads that have not ended; 0 if it is not known
     * @param group the group of the owner's platform threads
     * @return null where this is not possible
     */
    public static <S> @Nullable Holdings open(boolean estimate, S scheduler, ToIntFunction<? super S> virtualThreads,
            ThreadGroup group) {
        return isPossible()
                ? Holder.INSTANCE.add(new Holdings(Holder.INSTANCE, estimate, scheduler, virtualThreads, group)) : null;
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
        } // otherwise there are too many owners, and the figures of this one stay absent
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
                check(found);
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
            LOG.log(Level.ERROR, "live bytes of workers are not available", e);
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

    private synchronized void check(AllocationSamples found) {
        if (rate != null && rate.check(found.count(), System.nanoTime())) {
            found.useInterval(rate.interval());
        }
        if (!canaryLeft) {
            leaveCanary(found);
            return;
        }
        if (found.deadCanaries() < canaries) {
            return;
        }
        if (!canaryFound) { // reports of objects that died with it may still arrive
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

    /** Returns the label of new samples. */
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

    /** Leaves a canary for the current label. May fail because memory runs out; then the next check does it. */
    private void leaveCanary(AllocationSamples found) {
        found.leaveCanary();
        canaries++;
        canaryLeft = true;
    }

    /** Returns whether nothing is left that could still be counted. If so, the owner's number can be used again. */
    private boolean isOver(Holdings holdings, AllocationSamples found) {
        boolean isOver = holdings.isOver();
        int number = holdings.number();
        if (isOver && number != 0) {
            found.clear(number);
            free.add(number);
        }
        return isOver;
    }

    /**
     * Returns the live bytes among what the collector has examined; -1 if it has examined nothing since counting began.
     */
    synchronized long live(Holdings holdings) {
        if (holdings.number() == 0 || verified < holdings.begunAt()) {
            return NONE;
        }
        return Math.max(0, holdings.total() - unseen(holdings)) + holdings.stacks();
    }

    /** Returns the bytes that are not known to be dead, examined or not. */
    synchronized long held(Holdings holdings) {
        return Math.max(0, holdings.total()) + holdings.stacks();
    }

    /** Returns the cells of samples that the collector has examined. */
    synchronized int[] verifiedCells() {
        int[] unseen = LongStream.rangeClosed(verified + 1, label).mapToInt(LiveBytes::cellOf).toArray();
        return IntStream.range(0, AllocationSamples.CELLS)
                .filter(cell -> IntStream.of(unseen).noneMatch(each -> each == cell)).toArray();
    }

    /** Returns the bytes that the collector has not examined. */
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
