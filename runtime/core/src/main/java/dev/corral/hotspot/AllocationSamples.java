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
 * Counts, for owners of threads, what those allocate and what of it the collector has found dead, by samples of allocations (JVMTI
 * {@code SampledObjectAlloc}, JEP 331). No Java runs for a sample, since a stack that overflows in an upcall ends the JVM: machine code
 * finds the owner, adds the sample to one of its cells, and tags the object with that cell and its size; when the object is dead, the tag
 * says from which cell it is to be taken ({@code ObjectFree}). So a cell holds what is not known to be dead of what was added to it.
 *
 * <p>Which owner: the one whose number is the tag of the scheduler of a virtual thread, or of the thread group of another, or of
 * a parent of that group. Others are nobody's, and are not tagged.
 *
 * <p>An object of so many bytes is sampled with a probability of 1 - exp(-bytes / interval), so it stands for the room that it takes
 * ({@link LargeObjects}) divided by that. Sizes are rounded to an eighth of a power of two. The interval may be changed at any time, for the tag says by which one an object was sampled; but
 * each thread goes by the old one once more.
 *
 * <p>What a platform thread had allocated and burnt when it ended is added up as well, by {@code ThreadEnd}.
 *
 * <p>Thread-safe; platform threads only. One for the JVM.
 */
public final class AllocationSamples {
    /** Owners are numbered from 1 to one less. */
    public static final int OWNERS = 1 << 14;
    /** Cells of an owner. */
    public static final int CELLS = 32;

    private static final Log LOG = Log.get();

    /** Words of an owner: its cells, then what follows. */
    private static final int STRIDE = 64;
    private static final int ENDED_ALLOCATED = CELLS;
    private static final int ENDED_CPU = CELLS + 1;
    /** Samples of objects that are as large as a virtual thread. */
    private static final int THREAD_SIZED = CELLS + 2;
    /** Of owner 0, which is nobody. */
    private static final int SAMPLES = 1;

    // A tag: the number of a word, then the class of the object's size, and that of the interval above it.
    private static final int SIZE_SHIFT = 48;
    private static final int SIZE_CLASSES = 512;
    /** Intervals: the one that was begun with, then each four times as long as the one before. */
    public static final int INTERVALS = 4;
    private static final int INTERVAL_STEP_BITS = 2;
    /** Steps from one power of two to the next. */
    private static final int EIGHTHS = 8;
    private static final int FRACTION_BITS = 3;
    /** No object is that small. A tag of an owner's scheduler or group has it; such an object weighs nothing. */
    private static final long OF_OWNER = 0;
    /** Nor that. A canary adds one to its cell when it dies. */
    private static final long OF_CANARY = 1L << SIZE_SHIFT;

    // Bits of jvmtiCapabilities.
    private static final long CAN_TAG_OBJECTS = 1L;
    private static final long CAN_GENERATE_OBJECT_FREE_EVENTS = 1L << 32;
    private static final long CAN_GENERATE_SAMPLED_OBJECT_ALLOC_EVENTS = 1L << 43;
    // Numbers of jvmti.h.
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
    // Slots of jni.h.
    private static final int GET_FIELD_ID = 94;
    private static final int GET_OBJECT_FIELD = 95;
    // Of jmm.h, the interface of java.management.
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
    /** By size class, for each interval. */
    private final MemorySegment weights = Libc.pages((long) INTERVALS * SIZE_CLASSES * Long.BYTES);
    /** Likewise how many samples there have been of each. */
    private final MemorySegment made = Libc.pages((long) INTERVALS * SIZE_CLASSES * Long.BYTES);
    /** Where those of the interval begin that is in use now. */
    private final MemorySegment firstWeight = Libc.pages(Long.BYTES);
    private int baseInterval;
    /** The cell that samples are added to now. */
    private final MemorySegment current = Libc.pages(Long.BYTES);
    private final TaggedObjects tagged;
    /** Bytes of one, without its stack. */
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

    /** To be called once; null if another agent samples allocations, a profiler. Takes some tenths of a second of a processor. */
    public static @Nullable AllocationSamples create() {
        MemorySegment environment = Jvm.jvmti();
        int error = Jvm.addCapabilities(environment, CAN_TAG_OBJECTS | CAN_GENERATE_OBJECT_FREE_EVENTS
                | CAN_GENERATE_SAMPLED_OBJECT_ALLOC_EVENTS);
        if (error != 0) { // a profiler has it
            LOG.log(Level.WARNING,
                    "live bytes of workers cannot be known: JVMTI refuses with error {0}; a profiler may have what it takes",
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

    /** Whether this JVM, on this platform and with its flags, may have it. */
    public static boolean isPossible() {
        return Jvm.isReachable();
    }

    /** Samples one in so many bytes from now on; once. Nobody else can change that: one environment of a JVM may sample allocations. */
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

    /** Samples by this interval from now on; 0 and up to {@link #INTERVALS}. Once it has been started. */
    public void useInterval(int interval) {
        setWord(0, 0, firstWeight, (long) interval * SIZE_CLASSES);
        Jvm.call("SetHeapSamplingInterval", () -> (int) setInterval.invokeExact(environment, bytes(interval)));
    }

    /** How many samples there were so far, those of nobody too. */
    public long count() {
        return word(0, SAMPLES);
    }

    private static double middle(int sizeClass) {
        int eighths = EIGHTHS + (sizeClass & (EIGHTHS - 1));
        return (eighths + 0.5) / EIGHTHS * Math.pow(2, sizeClass >> FRACTION_BITS);
    }

    private void enable(int event) {
        Jvm.call("SetEventNotificationMode",
                () -> (int) notify.invokeExact(environment, 1, event, MemorySegment.NULL));
    }

    /** Virtual threads of this scheduler, or threads of this group and of those below it, are of that owner from now on. */
    public void own(Object schedulerOrGroup, int owner) {
        tag(schedulerOrGroup, ((long) owner * STRIDE) | OF_OWNER);
    }

    /** Leaves an object behind that nobody holds: when the collector has found it, {@link #deadCanaries} is one more. */
    public void leaveCanary() {
        tag(new Object(), OF_CANARY);
        long _ = Runtime.getRuntime().totalMemory(); // a native method, whose end is that of local references to it on this thread
    }

    /** Canaries that the collector has found. What died before one was left is found by then, but may be told a moment later. */
    public long deadCanaries() {
        return word(0, 0);
    }

    private void tag(Object object, long tag) {
        try (GlobalReference reference = GlobalReference.to(object)) {
            Jvm.call("SetTag", () -> (int) setTag.invokeExact(environment, reference.address(), tag));
        }
    }

    /** Adds samples to this cell of their owners from now on; 0 and up to {@link #CELLS}. */
    public void useCell(int cell) {
        setWord(0, 0, current, cell);
    }

    /** What is not known to be dead of what was added to it, in bytes. */
    public long cell(int owner, int cell) {
        return word(owner, cell);
    }

    /** Empties the cell. What is found dead later makes it negative. */
    public long takeCell(int owner, int cell) {
        return (long) WORD.getAndSet(words, 0L, (long) owner * STRIDE + cell, 0L);
    }

    /**
     * Shows the sampled objects of some cells that are not known to be dead, with the bytes that each stands for. Looks through all samples
     * of the JVM, and keeps those out meanwhile that are to be made.
     */
    public void visit(int owner, int[] cells, ObjLongConsumer<Object> visitor) {
        visit(owner, cells, IntStream.range(0, INTERVALS * SIZE_CLASSES), visitor);
    }

    private void visit(int owner, int[] cells, IntStream sizeClasses, ObjLongConsumer<Object> visitor) {
        int[] sizes = sizeClasses.filter(size -> word(made, size) != 0).toArray();
        long[] tags = IntStream.of(cells).mapToLong(cell -> (long) owner * STRIDE + cell)
                .flatMap(word -> IntStream.of(sizes).mapToLong(size -> ((long) size << SIZE_SHIFT) | word)).toArray();
        tagged.visit(tags, (object, tag) -> visitor.accept(object, word(weights, tag >>> SIZE_SHIFT)));
    }

    /** How many samples there were of objects that are as large as a virtual thread. */
    public long threadSized(int owner) {
        return word(owner, THREAD_SIZED);
    }

    /** Does the same as {@link #visit}, for objects that are about as large as a virtual thread, with the number that each stands for. */
    public void visitThreadSized(int owner, int[] cells, ObjDoubleConsumer<Object> visitor) {
        int size = sizeClass(virtualThreadBytes);
        double bytes = middle(size);
        visit(owner, cells, IntStream.range(0, INTERVALS).map(interval -> interval * SIZE_CLASSES + size),
                (object, weight) -> visitor.accept(object, weight / bytes));
    }

    /** As the machine code finds it. */
    static int sizeClass(long bytes) {
        long inside = bytes - 1;
        int highest = Long.SIZE - 1 - Long.numberOfLeadingZeros(inside);
        return (highest << FRACTION_BITS) | (int) (inside >>> (highest - FRACTION_BITS) & (EIGHTHS - 1));
    }

    /** What platform threads of the owner that have ended had allocated. */
    public long allocatedByEnded(int owner) {
        return word(owner, ENDED_ALLOCATED);
    }

    /** What platform threads of the owner that have ended had burnt of a processor. */
    public long cpuNanosOfEnded(int owner) {
        return word(owner, ENDED_CPU);
    }

    /** Sets everything of the owner to 0. */
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

    // ---- Machine code ----

    /** What the code reads of threads. */
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

    /** {@code (rdi jvmti, rsi jni, rdx thread, rcx object, r8 class, r9 size)}. */
    private MemorySegment sampled(Fields fields) {
        MachineCode code = begin().move(R13, RCX).move(R14, R9);
        code.move(R11, words.address() + (long) SAMPLES * Long.BYTES).move(RAX, 0).move(RCX, 1).addToWord(R11, RAX,
                RCX);
        findOwner(code, fields);
        code.move(RAX, R14).xor(RAX, virtualThreadBytes).jumpUnlessZero(RAX, "other");
        code.move(R11, words.address() + (long) THREAD_SIZED * Long.BYTES).move(RCX, 1).addToWord(R11, R15, RCX);
        code.label("other");
        // a size that is the end of a class is the last one in it, as a region is full with an object of its own size: so one less is taken
        // rcx: number of the highest bit of that; r8: the class, which is that number and the three bits below
        code.add(R14, -1).highestBit(RCX, R14).move(R8, RCX).move(RAX, R14).xor(RCX, Long.SIZE - 1).shiftLeftByRcx(RAX)
                .shiftRight(RAX, Long.SIZE - 1 - FRACTION_BITS).and(RAX, EIGHTHS - 1)
                .shiftLeft(R8, FRACTION_BITS).or(R8, RAX);
        code.move(R11, firstWeight.address()).load(R11, R11, 0).or(R8, R11);
        code.move(R11, made.address()).move(RCX, 1).addToWord(R11, R8, RCX);
        code.move(R10, weights.address()).loadWord(R10, R10, R8);
        code.move(R11, current.address()).load(R11, R11, 0).or(R15, R11);
        code.move(R11, words.address()).addToWord(R11, R15, R10);
        code.move(RDI, R12).move(RSI, R13).move(RDX, R8).shiftLeft(RDX, SIZE_SHIFT).or(RDX, R15);
        code.callEntry(R12, SET_TAG - 1);
        return end(code);
    }

    /** {@code (rdi jvmti, rsi tag)}. */
    private MemorySegment objectFree() {
        return new MachineCode().moveLowerHalf(RAX, RSI).shiftRight(RSI, SIZE_SHIFT)
                .move(R10, weights.address()).loadWord(R10, R10, RSI)
                .move(R11, words.address()).subtractFromWord(R11, RAX, R10).ret().assemble();
    }

    /** {@code (rdi jvmti, rsi jni, rdx thread)}, on that thread. */
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

    /** The function of {@code java.management}: {@code (jni, id of a thread, 0 for this one)}. */
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

    /** Has rbx be the JNI environment, r12 the JVMTI environment, r15 the thread; 16 bytes of the stack are free. */
    private static MachineCode begin() {
        return new MachineCode().push(RBX).push(R12).push(R13).push(R14).push(R15).add(RSP, -16)
                .move(R12, RDI).move(RBX, RSI).move(R15, RDX);
    }

    /** Has r15 be the number of the first word of the owner of thread r15; goes to the end if it is nobody's. */
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
        // the group or scheduler may have been sampled itself, as an object of the owner; then the tag tells more
        code.label("found").moveLowerHalf(R15, RAX).and(R15, -STRIDE);
    }

    private static void getObject(MachineCode code, MachineCode.Register object, long field) {
        code.move(RSI, object).move(RDI, RBX).move(RDX, field).callEntry(RBX, GET_OBJECT_FIELD);
    }

    /** Of r15, into rax. */
    private static void getTag(MachineCode code) {
        code.move(RAX, 0).store(RSP, 0, RAX).move(RDI, R12).move(RSI, R15).loadAddress(RDX, RSP, 0);
        code.callEntry(R12, GET_TAG - 1).load(RAX, RSP, 0);
    }

    private static MemorySegment end(MachineCode code) {
        return code.label("end").add(RSP, 16).pop(R15).pop(R14).pop(R13).pop(R12).pop(RBX).ret().assemble();
    }
}
