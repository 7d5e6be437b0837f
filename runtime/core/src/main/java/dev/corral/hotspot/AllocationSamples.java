package dev.corral.hotspot;

import static dev.corral.hotspot.SampleMemory.ENDED_ALLOCATED;
import static dev.corral.hotspot.SampleMemory.ENDED_CPU;
import static dev.corral.hotspot.SampleMemory.FRACTION_BITS;
import static dev.corral.hotspot.SampleMemory.SAMPLES;
import static dev.corral.hotspot.SampleMemory.SIZE_CLASSES;
import static dev.corral.hotspot.SampleMemory.SIZE_SHIFT;
import static dev.corral.hotspot.SampleMemory.STRIDE;
import static dev.corral.hotspot.SampleMemory.THREAD_SIZED;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.corral.Capability;
import dev.corral.jdk.JdkInternal;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what owners of threads allocate, and how much of that the collector has found dead, by samples of allocations
 * (JVMTI {@code SampledObjectAlloc}, JEP 331). There is one for the JVM. Thread-safe; call it on platform threads only.
 *
 * <p>No Java code runs for a sample, because a stack overflow in an upcall ends the JVM. Instead, machine code finds
 * the owner, adds the weight of the sample to one of the owner's cells, and tags the object with the number of that
 * cell and the class of its size. When the object dies, its tag shows from which cell the weight must be subtracted
 * ({@code ObjectFree}). Therefore a cell holds the weight of those samples that were added to it and are not known to
 * be dead.
 *
 * <p>The owner of a sample follows from the thread that allocates. For a virtual thread it is the owner of its
 * scheduler. For a platform thread it is the owner of its thread group, or of the nearest parent of that group that has
 * one. {@link #own} marks schedulers and groups with a tag. Objects that other threads allocate are counted, but not
 * tagged.
 *
 * <p>An object is sampled with a probability of 1 - exp(-bytes / interval). The weight of a sample is the room that the
 * object takes ({@link LargeObjects}) divided by this probability. Sizes are rounded to an eighth of a power of two.
 * The interval may change at any time, because the tag contains it; but each thread takes one more sample by the old
 * interval.
 *
 * <p>The machine code also adds up the bytes that each platform thread had allocated, and the CPU time that it had
 * used, when it ended ({@code ThreadEnd}).
 *
 * <p>{@link SampleMemory} has the counters, and {@link SampleRoutines} the machine code.
 *
 * <p>A canary is an object that nothing references. Its tag names word 0 of owner 0, and its size class weighs -1. When
 * the collector finds it dead, the machine code subtracts -1 from this word, as it does for any other sample, and so
 * counts it.
 *
 * <p>The positions of functions in the tables of JNI and JVMTI do not change from one JDK to the next. Fields of JDK
 * classes are looked up by name, and the interface of {@code java.management} by its version. If a later JDK lacks one
 * of these, creation fails, and live bytes are not available.
 */
public final class AllocationSamples {
    /** Owners have numbers from 1 to OWNERS - 1. */
    public static final int OWNERS = SampleMemory.OWNERS;
    /** The number of cells of each owner. */
    public static final int CELLS = SampleMemory.CELLS;

    private static final Log LOG = Log.get();

    /**
     * The number of intervals: the first one is set by {@link #start}, and each further one is four times as long as
     * the previous one.
     */
    public static final int INTERVALS = SampleMemory.INTERVALS;
    private static final int INTERVAL_STEP_BITS = 2;
    /** The size class in the tag of an owner's scheduler or group. No sampled object is that small. Its weight is 0. */
    private static final long OF_OWNER = 0;
    /** The size class in the tag of a canary. No sampled object is that small. Its weight is -1. */
    private static final long OF_CANARY = 1L << SIZE_SHIFT;

    // Bits of jvmtiCapabilities.
    private static final long CAN_TAG_OBJECTS = 1L;
    private static final long CAN_GENERATE_OBJECT_FREE_EVENTS = 1L << 32;
    private static final long CAN_GENERATE_SAMPLED_OBJECT_ALLOC_EVENTS = 1L << 43;
    // Numbers of functions and events in jvmti.h. A function has the position number - 1 in the table.
    private static final int SET_EVENT_NOTIFICATION_MODE = 2;
    private static final int SET_TAG = 107;
    private static final int GET_OBJECT_SIZE = 154;
    private static final int SET_EVENT_CALLBACKS = 122;
    private static final int SET_HEAP_SAMPLING_INTERVAL = 156;
    private static final int FIRST_EVENT = 50;
    private static final int THREAD_END = 53;
    private static final int OBJECT_FREE = 83;
    private static final int SAMPLED_OBJECT_ALLOC = 86;
    private static final int EVENTS = 38;
    private static final FunctionDescriptor OF_TAG = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor OF_EVENT =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private final MemorySegment environment;
    private final MethodHandle setTag;
    private final MethodHandle notify;
    private final MethodHandle setInterval;
    private final SampleMemory memory = new SampleMemory();
    private int baseInterval;
    private final TaggedObjects tagged;
    /** The size of a virtual thread without its stack, in bytes. */
    private final int virtualThreadBytes;

    private AllocationSamples(MemorySegment environment) throws Throwable {
        this.environment = environment;
        setTag = Jvm.jvmtiFunction(environment, SET_TAG, OF_TAG);
        notify = Jvm.jvmtiFunction(environment, SET_EVENT_NOTIFICATION_MODE, OF_EVENT);
        setInterval = Jvm.jvmtiFunction(environment, SET_HEAP_SAMPLING_INTERVAL,
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        tagged = new TaggedObjects(environment);
        virtualThreadBytes = Math.toIntExact(sizeOf(Thread.ofVirtual().unstarted(() -> {})));
        var routines = new SampleRoutines(memory, virtualThreadBytes);
        MemorySegment callbacks = Arena.global().allocate(ADDRESS, EVENTS);
        callbacks.setAtIndex(ADDRESS, THREAD_END - FIRST_EVENT, routines.threadEnd());
        callbacks.setAtIndex(ADDRESS, OBJECT_FREE - FIRST_EVENT, routines.objectFree());
        callbacks.setAtIndex(ADDRESS, SAMPLED_OBJECT_ALLOC - FIRST_EVENT, routines.sampled());
        Jvm.check("SetEventCallbacks", (int) Jvm.jvmtiFunction(environment, SET_EVENT_CALLBACKS,
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                .invokeExact(environment, callbacks, (int) callbacks.byteSize()));
        memory.setWeight((int) (OF_CANARY >>> SIZE_SHIFT), -1);
        enable(THREAD_END);
        enable(OBJECT_FREE);
    }

    /**
     * Creates the instance. Call it once. Uses some tenths of a second of CPU time.
     *
     * @return null if another agent, such as a profiler, samples allocations
     */
    public static @Nullable AllocationSamples create() {
        MemorySegment environment = Jvm.jvmti();
        int error = Jvm.addCapabilities(environment, CAN_TAG_OBJECTS | CAN_GENERATE_OBJECT_FREE_EVENTS
                | CAN_GENERATE_SAMPLED_OBJECT_ALLOC_EVENTS);
        if (error != 0) { // another agent has the capability
            LOG.log(Level.WARNING,
                    "live bytes of workers are not available: JVMTI refuses with error {0}; probably a profiler samples allocations",
                    error);
            return null;
        }
        try {
            return new AllocationSamples(environment);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private long sizeOf(Object object) throws Throwable {
        try (Arena arena = Arena.ofConfined(); GlobalReference reference = GlobalReference.to(object)) {
            MemorySegment size = arena.allocate(JAVA_LONG);
            Jvm.check("GetObjectSize", (int) Jvm.jvmtiFunction(environment, GET_OBJECT_SIZE,
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS))
                    .invokeExact(environment, reference.address(), size));
            return size.get(JAVA_LONG, 0);
        }
    }

    /** Created at the first use. */
    private static final class Support {
        static final boolean IS_COMPLETE =
                Jvm.isReachable() && JdkInternal.absent(Capability.LIVE_BYTES).isEmpty();
    }

    /** Returns whether this JVM supports it, given its platform and its flags. */
    public static boolean isPossible() {
        return Support.IS_COMPLETE;
    }

    /**
     * Starts to sample allocations. Call it once. No other agent can change the interval, because only one environment
     * of a JVM may sample allocations.
     *
     * @param intervalBytes the shortest interval, in bytes
     */
    public void start(int intervalBytes) {
        baseInterval = intervalBytes;
        LargeObjects large = LargeObjects.ofThisJvm();
        for (int interval = 0; interval < INTERVALS; interval++) {
            for (int size = SIZE_CLASSES - 1; size >> FRACTION_BITS > 0; size--) {
                double bytes = SampleMemory.middle(size);
                memory.setWeight(interval * SIZE_CLASSES + size,
                        Math.round(large.room(bytes) / -Math.expm1(-bytes / bytes(interval))));
            }
        }
        useInterval(0);
        enable(SAMPLED_OBJECT_ALLOC);
    }

    private int bytes(int interval) {
        return baseInterval << (INTERVAL_STEP_BITS * interval);
    }

    /**
     * Sets the sampling interval. Call it after {@link #start}.
     *
     * @param interval 0 to {@link #INTERVALS} - 1; 0 is the shortest
     */
    public void useInterval(int interval) {
        memory.useInterval(interval);
        Jvm.call("SetHeapSamplingInterval", () -> (int) setInterval.invokeExact(environment, bytes(interval)));
    }

    /** Returns the number of samples so far, including those without an owner. */
    public long count() {
        return memory.word(0, SAMPLES);
    }

    private void enable(int event) {
        Jvm.call("SetEventNotificationMode",
                () -> (int) notify.invokeExact(environment, 1, event, MemorySegment.NULL));
    }

    /**
     * Assigns a scheduler or a thread group to an owner. From then on the owner also has the virtual threads of the
     * scheduler, or the platform threads of the group and of the groups below it.
     */
    public void own(Object schedulerOrGroup, int owner) {
        tag(schedulerOrGroup, ((long) owner * STRIDE) | OF_OWNER);
    }

    /**
     * Creates an object that nothing references. When the collector has found it dead, {@link #deadCanaries} increases
     * by one.
     */
    public void leaveCanary() {
        tag(new Object(), OF_CANARY);
        // The return from a native method frees this thread's local references to the object.
        long _ = Runtime.getRuntime().totalMemory();
    }

    /**
     * Returns the number of canaries that the collector has found dead. Objects that died before a canary was left are
     * found no later than the canary, but may be reported a moment later.
     */
    public long deadCanaries() {
        return memory.word(0, 0);
    }

    private void tag(Object object, long tag) {
        try (GlobalReference reference = GlobalReference.to(object)) {
            Jvm.call("SetTag", () -> (int) setTag.invokeExact(environment, reference.address(), tag));
        }
    }

    /**
     * Sets the cell of their owner that new samples are added to.
     *
     * @param cell 0 to {@link #CELLS} - 1
     */
    public void useCell(int cell) {
        memory.useCell(cell);
    }

    /** Returns the weight of samples that were added to a cell and are not known to be dead, in bytes. */
    public long cell(int owner, int cell) {
        return memory.word(owner, cell);
    }

    /** Empties a cell and returns what it held. Samples of the cell that die later make it negative. */
    public long takeCell(int owner, int cell) {
        return memory.take(owner, cell);
    }

    /**
     * Visits the sampled objects of some cells that are not known to be dead, each with the bytes that it stands for.
     * Searches all samples of the JVM; threads that take a sample wait during the search.
     */
    public void visit(int owner, int[] cells, ObjLongConsumer<Object> visitor) {
        visit(owner, cells, IntStream.range(0, INTERVALS * SIZE_CLASSES), visitor);
    }

    private void visit(int owner, int[] cells, IntStream sizeClasses, ObjLongConsumer<Object> visitor) {
        int[] sizes = sizeClasses.filter(size -> memory.count(size) != 0).toArray();
        long[] tags = IntStream.of(cells).mapToLong(cell -> (long) owner * STRIDE + cell)
                .flatMap(word -> IntStream.of(sizes).mapToLong(size -> ((long) size << SIZE_SHIFT) | word)).toArray();
        tagged.visit(tags, (object, tag) -> visitor.accept(object, memory.weight((int) (tag >>> SIZE_SHIFT))));
    }

    /** Returns the number of samples of objects with the size of a virtual thread. */
    public long threadSized(int owner) {
        return memory.word(owner, THREAD_SIZED);
    }

    /**
     * Visits sampled objects as {@link #visit} does, but only those with about the size of a virtual thread, each with
     * the number of objects that it stands for.
     */
    public void visitThreadSized(int owner, int[] cells, ObjDoubleConsumer<Object> visitor) {
        int size = SampleMemory.sizeClass(virtualThreadBytes);
        double bytes = SampleMemory.middle(size);
        visit(owner, cells, IntStream.range(0, INTERVALS).map(interval -> interval * SIZE_CLASSES + size),
                (object, weight) -> visitor.accept(object, weight / bytes));
    }

    /** Returns the bytes that ended platform threads of the owner had allocated. */
    public long allocatedByEnded(int owner) {
        return memory.word(owner, ENDED_ALLOCATED);
    }

    /** Returns the CPU time that ended platform threads of the owner had used, in nanoseconds. */
    public long cpuNanosOfEnded(int owner) {
        return memory.word(owner, ENDED_CPU);
    }

    /** Sets all words of an owner to 0. */
    public void clear(int owner) {
        memory.clear(owner);
    }
}
