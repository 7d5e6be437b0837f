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
import static dev.corral.hotspot.SampleMemory.EIGHTHS;
import static dev.corral.hotspot.SampleMemory.ENDED_ALLOCATED;
import static dev.corral.hotspot.SampleMemory.ENDED_CPU;
import static dev.corral.hotspot.SampleMemory.FRACTION_BITS;
import static dev.corral.hotspot.SampleMemory.SAMPLES;
import static dev.corral.hotspot.SampleMemory.SIZE_SHIFT;
import static dev.corral.hotspot.SampleMemory.STRIDE;
import static dev.corral.hotspot.SampleMemory.THREAD_SIZED;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.corral.jdk.JdkInternal;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/**
 * Assembles the functions that JVMTI calls for {@link AllocationSamples}. They change {@link SampleMemory} by atomic
 * additions, and call no Java code. {@link MachineCode} explains the registers; each routine lists what they hold in
 * it.
 */
final class SampleRoutines {
    // Numbers of functions in jvmti.h. A function has the position number - 1 in the table.
    private static final int GET_TAG = 106;
    private static final int SET_TAG = 107;
    // Positions of functions in the table of jni.h.
    private static final int GET_FIELD_ID = 94;
    private static final int GET_OBJECT_FIELD = 95;
    // Version, and position of a function, in jmm.h, the interface of java.management.
    private static final int JMM_VERSION = 0x2004_0000;
    private static final int GET_ONE_THREAD_ALLOCATED_MEMORY = 10;
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    private static final int NANOS = 1_000_000_000;

    private static final FunctionDescriptor OF_FIELD =
            FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    private final SampleMemory memory;
    /** The size of a virtual thread without its stack, in bytes. */
    private final int virtualThreadBytes;
    private final Fields fields = new Fields();

    SampleRoutines(SampleMemory memory, int virtualThreadBytes) throws Throwable {
        this.memory = memory;
        this.virtualThreadBytes = virtualThreadBytes;
    }

    /** JNI identifiers of the fields that lead from a thread to its group or scheduler. */
    private static final class Fields {
        final long holder;
        final long group;
        final long parent;
        final long scheduler;

        Fields() throws Throwable {
            holder = id(JdkInternal.THREAD_HOLDER);
            group = id(JdkInternal.HOLDER_GROUP);
            parent = id(JdkInternal.GROUP_PARENT);
            scheduler = id(JdkInternal.SCHEDULER);
        }

        private static long id(JdkInternal field) throws Throwable {
            MemorySegment jni = Jvm.jni();
            Class<?> type = Class.forName(field.owner());
            try (Arena arena = Arena.ofConfined(); GlobalReference reference = GlobalReference.to(type)) {
                MemorySegment nameText = arena.allocateFrom(field.memberName());
                MemorySegment descriptorText = arena.allocateFrom(field.descriptor());
                var id = (MemorySegment) Jvm.jniFunction(jni, GET_FIELD_ID, OF_FIELD)
                        .invokeExact(jni, reference.address(), nameText, descriptorText);
                if (id.equals(MemorySegment.NULL)) {
                    throw new IllegalStateException("this JVM has no field " + field);
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
    MemorySegment sampled() {
        MachineCode code = begin().move(R13, RCX).move(R14, R9);
        code.move(R11, memory.words.address() + (long) SAMPLES * Long.BYTES).move(RAX, 0).move(RCX, 1).addToWord(R11,
                RAX,
                RCX);
        findOwner(code);
        code.move(RAX, R14).xor(RAX, virtualThreadBytes).jumpUnlessZero(RAX, "other");
        code.move(R11, memory.words.address() + (long) THREAD_SIZED * Long.BYTES).move(RCX, 1).addToWord(R11, R15, RCX);
        code.label("other");
        // A size on the boundary of two classes belongs to the lower one, because an object with the size of a region
        // takes one region; so size - 1 decides the class.
        // rcx: number n of the highest bit of size - 1, then 63 - n
        // r8: the class, n * 8 plus the three bits below bit n
        code.add(R14, -1).highestBit(RCX, R14).move(R8, RCX).move(RAX, R14).xor(RCX, Long.SIZE - 1).shiftLeftByRcx(RAX)
                .shiftRight(RAX, Long.SIZE - 1 - FRACTION_BITS).and(RAX, EIGHTHS - 1)
                .shiftLeft(R8, FRACTION_BITS).or(R8, RAX);
        code.move(R11, memory.firstWeight.address()).load(R11, R11, 0).or(R8, R11);
        code.move(R11, memory.counts.address()).move(RCX, 1).addToWord(R11, R8, RCX);
        code.move(R10, memory.weights.address()).loadWord(R10, R10, R8);
        code.move(R11, memory.current.address()).load(R11, R11, 0).or(R15, R11);
        code.move(R11, memory.words.address()).addToWord(R11, R15, R10);
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
    MemorySegment objectFree() {
        return new MachineCode().moveLowerHalf(RAX, RSI).shiftRight(RSI, SIZE_SHIFT)
                .move(R10, memory.weights.address()).loadWord(R10, R10, RSI)
                .move(R11, memory.words.address()).subtractFromWord(R11, RAX, R10).ret().assemble();
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
    MemorySegment threadEnd() throws Throwable {
        MachineCode code = begin();
        findOwner(code);
        code.move(RDI, RBX).move(RSI, 0).move(RAX, allocatedMemory()).call(RAX);
        code.move(R11, memory.words.address() + (long) ENDED_ALLOCATED * Long.BYTES).addToWord(R11, R15, RAX);
        code.move(RDI, CLOCK_THREAD_CPUTIME_ID).loadAddress(RSI, RSP, 0).move(RAX, Libc.address(NativeFunctions.CLOCK))
                .call(RAX);
        code.load(RAX, RSP, 0).multiply(RAX, NANOS).load(R9, RSP, Long.BYTES).add(RAX, R9);
        code.move(R11, memory.words.address() + (long) ENDED_CPU * Long.BYTES).addToWord(R11, R15, RAX);
        return end(code);
    }

    /**
     * Returns the address of the function of {@code java.management} with the arguments
     * {@code (jni, id of a thread, 0 for the current one)}, which returns the bytes that the thread has allocated.
     */
    private static long allocatedMemory() throws Throwable {
        var table = (MemorySegment) Jvm.exported(NativeFunctions.MANAGEMENT, FunctionDescriptor.of(ADDRESS, JAVA_INT))
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
    private void findOwner(MachineCode code) {
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
