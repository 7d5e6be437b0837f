package dev.corral.hotspot;

import static dev.corral.hotspot.MachineCode.Register.R10;
import static dev.corral.hotspot.MachineCode.Register.R11;
import static dev.corral.hotspot.MachineCode.Register.R12;
import static dev.corral.hotspot.MachineCode.Register.R13;
import static dev.corral.hotspot.MachineCode.Register.R14;
import static dev.corral.hotspot.MachineCode.Register.R15;
import static dev.corral.hotspot.MachineCode.Register.R8;
import static dev.corral.hotspot.MachineCode.Register.R9;
import static dev.corral.hotspot.MachineCode.Register.RAX;
import static dev.corral.hotspot.MachineCode.Register.RBX;
import static dev.corral.hotspot.MachineCode.Register.RCX;
import static dev.corral.hotspot.MachineCode.Register.RDI;
import static dev.corral.hotspot.MachineCode.Register.RDX;
import static dev.corral.hotspot.MachineCode.Register.RSI;
import static dev.corral.hotspot.MachineCode.Register.RSP;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
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
 * <p>The memory that the machine code and Java share consists of words of 8 bytes outside of the heap, which are never
 * freed. The machine code changes words by atomic additions; Java reads them at any time.
 *
 * <pre>
 * words     OWNERS * STRIDE words; the words of owner n begin at n * 64
 *           0..31   cells, in bytes
 *           32      bytes allocated by ended platform threads
 *           33      CPU time of ended platform threads, in nanoseconds
 *           34      samples of objects with the size of a virtual thread
 *           35..63  not used
 *           Owner 0 stands for no owner: its word 0 counts dead canaries, its word 1 counts all samples.
 * weights   INTERVALS * SIZE_CLASSES words: the weight of a sample, by interval and size class
 *           Size class 0 weighs 0 (tags of owners), size class 1 weighs -1 (canaries).
 * counts    INTERVALS * SIZE_CLASSES words: the number of samples so far, by interval and size class
 * firstWeight  1 word: the interval in use, times SIZE_CLASSES
 * current      1 word: the cell in use
 *
 * a tag     63     59 58      57 56        48 47    32 31                    0
 *           +--------+----------+------------+--------+-----------------------+
 *           |   0    | interval | size class |   0    | number of the word    |
 *           +--------+----------+------------+--------+-----------------------+
 * </pre>
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
    public static final int OWNERS = 1 << 14;
    /** The number of cells of each owner. */
    public static final int CELLS = 32;

    private static final Log LOG = Log.get();

    /** The number of words of each owner, a power of two. The class comment shows their layout. */
    private static final int STRIDE = 64;
    private static final int ENDED_ALLOCATED = CELLS;
    private static final int ENDED_CPU = CELLS + 1;
    /** The word that counts samples of objects with the size of a virtual thread. */
    private static final int THREAD_SIZED = CELLS + 2;
    /** The word of owner 0 that counts all samples. */
    private static final int SAMPLES = 1;

    // The position of the size class in a tag, and the number of size classes.
    private static final int SIZE_SHIFT = 48;
    private static final int SIZE_CLASSES = 512;
    /**
     * The number of intervals: the first one is set by {@link #start}, and each further one is four times as long as
     * the previous one.
     */
    public static final int INTERVALS = 4;
    private static final int INTERVAL_STEP_BITS = 2;
    /** The number of size classes from one power of two to the next. */
    private static final int EIGHTHS = 8;
    private static final int FRACTION_BITS = 3;
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
    private static final int GET_TAG = 106;
    private static final int SET_TAG = 107;
    private static final int GET_OBJECT_SIZE = 154;
    private static final int SET_EVENT_CALLBACKS = 122;
    private static final int SET_HEAP_SAMPLING_INTERVAL = 156;
    private static final int FIRST_EVENT = 50;
    private static final int THREAD_END = 53;
    private static final int OBJECT_FREE = 83;
    private static final int SAMPLED_OBJECT_ALLOC = 86;
    private static final int EVENTS = 38;
    // Positions of functions in the table of jni.h.
    private static final int GET_FIELD_ID = 94;
    private static final int GET_OBJECT_FIELD = 95;
    // Version, and position of a function, in jmm.h, the interface of java.management.
    private static final int JMM_VERSION = 0x2004_0000;
    private static final int GET_ONE_THREAD_ALLOCATED_MEMORY = 10;
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    private static final int NANOS = 1_000_000_000;

    private static final VarHandle WORD = JAVA_LONG.arrayElementVarHandle();
    private static final FunctionDescriptor OF_TAG = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor OF_EVENT =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final FunctionDescriptor OF_FIELD =
            FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    private final MemorySegment environment;
    private final MethodHandle setTag;
    private final MethodHandle notify;
    private final MethodHandle setInterval;
    private final MemorySegment words = Libc.pages((long) OWNERS * STRIDE * Long.BYTES);
    /**
     * The weight of a sample, by interval and size class. Written by the constructor and by {@link #start}, before
     * samples are taken.
     */
    private final MemorySegment weights = Libc.pages((long) INTERVALS * SIZE_CLASSES * Long.BYTES);
    /** The number of samples so far, by interval and size class. Written by the machine code. */
    private final MemorySegment counts = Libc.pages((long) INTERVALS * SIZE_CLASSES * Long.BYTES);
    /** The position in {@link #weights} of the interval in use. Written by {@link #useInterval}. */
    private final MemorySegment firstWeight = Libc.pages(Long.BYTES);
    private int baseInterval;
    /** The cell that new samples are added to. Written by {@link #useCell}. */
    private final MemorySegment current = Libc.pages(Long.BYTES);
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
        var fields = new Fields();
        MemorySegment callbacks = Arena.global().allocate(ADDRESS, EVENTS);
        callbacks.setAtIndex(ADDRESS, THREAD_END - FIRST_EVENT, threadEnd(fields));
        callbacks.setAtIndex(ADDRESS, OBJECT_FREE - FIRST_EVENT, objectFree());
        callbacks.setAtIndex(ADDRESS, SAMPLED_OBJECT_ALLOC - FIRST_EVENT, sampled(fields));
        Jvm.check("SetEventCallbacks", (int) Jvm.jvmtiFunction(environment, SET_EVENT_CALLBACKS,
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                .invokeExact(environment, callbacks, (int) callbacks.byteSize()));
        setWord(0, OF_CANARY >>> SIZE_SHIFT, weights, -1);
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

    /** Returns whether this JVM supports it, given its platform and its flags. */
    public static boolean isPossible() {
        return Jvm.isReachable();
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
                double bytes = middle(size);
                setWord(0, (long) interval * SIZE_CLASSES + size, weights,
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
        setWord(0, 0, firstWeight, (long) interval * SIZE_CLASSES);
        Jvm.call("SetHeapSamplingInterval", () -> (int) setInterval.invokeExact(environment, bytes(interval)));
    }

    /** Returns the number of samples so far, including those without an owner. */
    public long count() {
        return word(0, SAMPLES);
    }

    /** Returns the size in the middle of a size class, in bytes. */
    private static double middle(int sizeClass) {
        int eighths = EIGHTHS + (sizeClass & (EIGHTHS - 1));
        return (eighths + 0.5) / EIGHTHS * Math.pow(2, sizeClass >> FRACTION_BITS);
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
        return word(0, 0);
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
        setWord(0, 0, current, cell);
    }

    /** Returns the weight of samples that were added to a cell and are not known to be dead, in bytes. */
    public long cell(int owner, int cell) {
        return word(owner, cell);
    }

    /** Empties a cell and returns what it held. Samples of the cell that die later make it negative. */
    public long takeCell(int owner, int cell) {
        return (long) WORD.getAndSet(words, 0L, (long) owner * STRIDE + cell, 0L);
    }

    /**
     * Visits the sampled objects of some cells that are not known to be dead, each with the bytes that it stands for.
     * Searches all samples of the JVM; threads that take a sample wait during the search.
     */
    public void visit(int owner, int[] cells, ObjLongConsumer<Object> visitor) {
        visit(owner, cells, IntStream.range(0, INTERVALS * SIZE_CLASSES), visitor);
    }

    private void visit(int owner, int[] cells, IntStream sizeClasses, ObjLongConsumer<Object> visitor) {
        int[] sizes = sizeClasses.filter(size -> word(counts, size) != 0).toArray();
        long[] tags = IntStream.of(cells).mapToLong(cell -> (long) owner * STRIDE + cell)
                .flatMap(word -> IntStream.of(sizes).mapToLong(size -> ((long) size << SIZE_SHIFT) | word)).toArray();
        tagged.visit(tags, (object, tag) -> visitor.accept(object, word(weights, tag >>> SIZE_SHIFT)));
    }

    /** Returns the number of samples of objects with the size of a virtual thread. */
    public long threadSized(int owner) {
        return word(owner, THREAD_SIZED);
    }

    /**
     * Visits sampled objects as {@link #visit} does, but only those with about the size of a virtual thread, each with
     * the number of objects that it stands for.
     */
    public void visitThreadSized(int owner, int[] cells, ObjDoubleConsumer<Object> visitor) {
        int size = sizeClass(virtualThreadBytes);
        double bytes = middle(size);
        visit(owner, cells, IntStream.range(0, INTERVALS).map(interval -> interval * SIZE_CLASSES + size),
                (object, weight) -> visitor.accept(object, weight / bytes));
    }

    /** Returns the size class of an object, as the machine code computes it. */
    static int sizeClass(long bytes) {
        long inside = bytes - 1;
        int highest = Long.SIZE - 1 - Long.numberOfLeadingZeros(inside);
        return (highest << FRACTION_BITS) | (int) (inside >>> (highest - FRACTION_BITS) & (EIGHTHS - 1));
    }

    /** Returns the bytes that ended platform threads of the owner had allocated. */
    public long allocatedByEnded(int owner) {
        return word(owner, ENDED_ALLOCATED);
    }

    /** Returns the CPU time that ended platform threads of the owner had used, in nanoseconds. */
    public long cpuNanosOfEnded(int owner) {
        return word(owner, ENDED_CPU);
    }

    /** Sets all words of an owner to 0. */
    public void clear(int owner) {
        for (int i = 0; i < STRIDE; i++) {
            setWord(owner, i, words, 0);
        }
    }

    private long word(int owner, long number) {
        return word(words, (long) owner * STRIDE + number);
    }

    private static long word(MemorySegment where, long number) {
        return (long) WORD.getOpaque(where, 0L, number);
    }

    private static void setWord(int owner, long number, MemorySegment where, long value) {
        WORD.setOpaque(where, 0L, (long) owner * STRIDE + number, value);
    }

    // ---- Machine code. MachineCode explains the registers; each routine lists what they hold in it. ----

    /** JNI identifiers of the fields that lead from a thread to its group or scheduler. */
    private static final class Fields {
        final long holder;
        final long group;
        final long parent;
        final long scheduler;

        Fields() throws Throwable {
            Class<?> fieldHolder = Class.forName("java.lang.Thread$FieldHolder");
            holder = id(Thread.class, "holder", "Ljava/lang/Thread$FieldHolder;");
            group = id(fieldHolder, "group", "Ljava/lang/ThreadGroup;");
            parent = id(ThreadGroup.class, "parent", "Ljava/lang/ThreadGroup;");
            scheduler = id(Class.forName("java.lang.VirtualThread"), "scheduler", "Ljava/util/concurrent/Executor;");
        }

        private static long id(Class<?> type, String name, String descriptor) throws Throwable {
            MemorySegment jni = Jvm.jni();
            try (Arena arena = Arena.ofConfined(); GlobalReference reference = GlobalReference.to(type)) {
                MemorySegment nameText = arena.allocateFrom(name);
                MemorySegment descriptorText = arena.allocateFrom(descriptor);
                var id = (MemorySegment) Jvm.jniFunction(jni, GET_FIELD_ID, OF_FIELD)
                        .invokeExact(jni, reference.address(), nameText, descriptorText);
                if (id.equals(MemorySegment.NULL)) {
                    throw new IllegalStateException(type.getName() + " has no field " + name);
                }
                return id.address();
            }
        }
    }

    /**
     * Assembles the function for {@code SampledObjectAlloc}, which runs on the thread that allocates.
     *
     * <pre>
     * arguments  rdi jvmti, rsi jni, rdx thread, rcx object, r8 class, r9 size
     * kept       rbx jni, r12 jvmti, r13 object, r14 size, from the size class on size - 1
     *            r15 thread; after findOwner the first word of the owner; at the end the word of the sample
     * scratch    rax, rcx, r8 (interval and size class), r10 (weight), r11 (addresses)
     * </pre>
     */
    private MemorySegment sampled(Fields fields) {
        MachineCode code = begin().move(R13, RCX).move(R14, R9);
        code.move(R11, words.address() + (long) SAMPLES * Long.BYTES).move(RAX, 0).move(RCX, 1).addToWord(R11, RAX,
                RCX);
        findOwner(code, fields);
        code.move(RAX, R14).xor(RAX, virtualThreadBytes).jumpUnlessZero(RAX, "other");
        code.move(R11, words.address() + (long) THREAD_SIZED * Long.BYTES).move(RCX, 1).addToWord(R11, R15, RCX);
        code.label("other");
        // A size on the boundary of two classes belongs to the lower one, because an object with the size of a region
        // takes one region; so size - 1 decides the class.
        // rcx: number n of the highest bit of size - 1, then 63 - n
        // r8: the class, n * 8 plus the three bits below bit n
        code.add(R14, -1).highestBit(RCX, R14).move(R8, RCX).move(RAX, R14).xor(RCX, Long.SIZE - 1).shiftLeftByRcx(RAX)
                .shiftRight(RAX, Long.SIZE - 1 - FRACTION_BITS).and(RAX, EIGHTHS - 1)
                .shiftLeft(R8, FRACTION_BITS).or(R8, RAX);
        code.move(R11, firstWeight.address()).load(R11, R11, 0).or(R8, R11);
        code.move(R11, counts.address()).move(RCX, 1).addToWord(R11, R8, RCX);
        code.move(R10, weights.address()).loadWord(R10, R10, R8);
        code.move(R11, current.address()).load(R11, R11, 0).or(R15, R11);
        code.move(R11, words.address()).addToWord(R11, R15, R10);
        code.move(RDI, R12).move(RSI, R13).move(RDX, R8).shiftLeft(RDX, SIZE_SHIFT).or(RDX, R15);
        code.callEntry(R12, SET_TAG - 1);
        return end(code);
    }

    /**
     * Assembles the function for {@code ObjectFree}: subtracts the object's weight from its word. Calls nothing, so it
     * uses caller-saved registers only.
     *
     * <pre>
     * arguments  rdi jvmti, rsi tag
     * scratch    rax number of the word, rsi interval and size class, r10 weight, r11 words
     * </pre>
     */
    private MemorySegment objectFree() {
        return new MachineCode().moveLowerHalf(RAX, RSI).shiftRight(RSI, SIZE_SHIFT)
                .move(R10, weights.address()).loadWord(R10, R10, RSI)
                .move(R11, words.address()).subtractFromWord(R11, RAX, R10).ret().assemble();
    }

    /**
     * Assembles the function for {@code ThreadEnd}, which runs on the thread that ends.
     *
     * <pre>
     * arguments  rdi jvmti, rsi jni, rdx thread
     * kept       rbx jni, r12 jvmti, r15 thread; after findOwner the first word of the owner
     * scratch    rax result, r9, r11; on the stack a timespec: seconds at rsp, nanoseconds at rsp + 8
     * </pre>
     */
    private MemorySegment threadEnd(Fields fields) throws Throwable {
        MachineCode code = begin();
        findOwner(code, fields);
        code.move(RDI, RBX).move(RSI, 0).move(RAX, allocatedMemory()).call(RAX);
        code.move(R11, words.address() + (long) ENDED_ALLOCATED * Long.BYTES).addToWord(R11, R15, RAX);
        code.move(RDI, CLOCK_THREAD_CPUTIME_ID).loadAddress(RSI, RSP, 0).move(RAX, Libc.address("clock_gettime"))
                .call(RAX);
        code.load(RAX, RSP, 0).multiply(RAX, NANOS).load(R9, RSP, Long.BYTES).add(RAX, R9);
        code.move(R11, words.address() + (long) ENDED_CPU * Long.BYTES).addToWord(R11, R15, RAX);
        return end(code);
    }

    /**
     * Returns the address of the function of {@code java.management} with the arguments
     * {@code (jni, id of a thread, 0 for the current one)}, which returns the bytes that the thread has allocated.
     */
    private static long allocatedMemory() throws Throwable {
        var table = (MemorySegment) Jvm.exported("JVM_GetManagement", FunctionDescriptor.of(ADDRESS, JAVA_INT))
                .invokeExact(JMM_VERSION);
        if (table.equals(MemorySegment.NULL)) {
            throw new IllegalStateException("this JVM has another interface of management");
        }
        MemorySegment pointer = Arena.global().allocate(ADDRESS);
        pointer.set(ADDRESS, 0, table);
        return Jvm.address(pointer, GET_ONE_THREAD_ALLOCATED_MEMORY);
    }

    /**
     * Begins a routine with the arguments {@code (rdi jvmti, rsi jni, rdx thread)}: saves the callee-saved registers
     * that routines use, and sets rbx to the JNI environment, r12 to the JVMTI environment and r15 to the thread.
     *
     * <pre>
     * stack     rsp + 56  return address
     *           rsp + 48  rbx of the caller
     *           rsp + 40  r12 of the caller
     *           rsp + 32  r13 of the caller
     *           rsp + 24  r14 of the caller
     *           rsp + 16  r15 of the caller
     *           rsp       16 bytes for results of calls; rsp is a multiple of 16
     * </pre>
     */
    private static MachineCode begin() {
        return new MachineCode().push(RBX).push(R12).push(R13).push(R14).push(R15).add(RSP, -16)
                .move(R12, RDI).move(RBX, RSI).move(R15, RDX);
    }

    /**
     * Sets r15, which holds a thread, to the number of the first word of its owner; jumps to the label {@code end} if
     * the thread has no owner. Uses all caller-saved registers, and the word at rsp.
     */
    private static void findOwner(MachineCode code, Fields fields) {
        getObject(code, R15, fields.holder);
        code.jumpIfZero(RAX, "virtual");
        getObject(code, RAX, fields.group);
        code.label("group").jumpIfZero(RAX, "end").move(R15, RAX);
        getTag(code);
        code.jumpUnlessZero(RAX, "found");
        getObject(code, R15, fields.parent);
        code.jump("group");
        code.label("virtual");
        getObject(code, R15, fields.scheduler);
        code.jumpIfZero(RAX, "end").move(R15, RAX);
        getTag(code);
        code.jumpIfZero(RAX, "end");
        // The group may be a sampled object of the owner; then its tag also has a cell and a size class. The lower half
        // drops the size class, and the mask drops the cell.
        code.label("found").moveLowerHalf(R15, RAX).and(R15, -STRIDE);
    }

    /** Loads a field of an object into rax. */
    private static void getObject(MachineCode code, MachineCode.Register object, long field) {
        code.move(RSI, object).move(RDI, RBX).move(RDX, field).callEntry(RBX, GET_OBJECT_FIELD);
    }

    /** Loads the tag of the object in r15 into rax; 0 if it has none. */
    private static void getTag(MachineCode code) {
        code.move(RAX, 0).store(RSP, 0, RAX).move(RDI, R12).move(RSI, R15).loadAddress(RDX, RSP, 0);
        code.callEntry(R12, GET_TAG - 1).load(RAX, RSP, 0);
    }

    /** Ends a routine that {@link #begin} began: restores the registers and returns. */
    private static MemorySegment end(MachineCode code) {
        return code.label("end").add(RSP, 16).pop(R15).pop(R14).pop(R13).pop(R12).pop(RBX).ret().assemble();
    }
}
