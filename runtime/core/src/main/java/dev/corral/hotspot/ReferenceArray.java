package dev.corral.hotspot;

import static dev.corral.hotspot.MachineCode.Register.R12;
import static dev.corral.hotspot.MachineCode.Register.R13;
import static dev.corral.hotspot.MachineCode.Register.R14;
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

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A function of JVMTI that gives objects as an array of local references. Machine code puts them into a Java array before it returns, for
 * they may not outlive the next native method of the JDK. Platform threads only.
 */
final class ReferenceArray {
    // Words that the machine code is given, and into which JVMTI writes; those of the function follow.
    private static final int ARRAY = 0;
    /** Free places of the array. */
    private static final int ROOM = 1;
    static final int COUNT = 2;
    static final int OBJECTS = 3;
    static final int FIRST_OF_FUNCTION = 4;

    private static final int DEALLOCATE = 47;
    // Slots of jni.h.
    private static final int DELETE_LOCAL_REF = 23;
    private static final int SET_OBJECT_ARRAY_ELEMENT = 174;

    private final String name;
    private final MemorySegment environment;
    private final MethodHandle fetch;
    private final MethodHandle deallocate;

    /**
     * @param number in {@code jvmti.h}
     * @param arguments loads what follows the first argument, by the address of words in r13
     */
    ReferenceArray(MemorySegment environment, String name, int number, UnaryOperator<MachineCode> arguments) {
        this.name = name;
        this.environment = environment;
        fetch = Jvm.function(fetch(number, arguments), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        deallocate = Jvm.jvmtiFunction(environment, DEALLOCATE, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    /**
     * Calls the function.
     *
     * @param words in which those of the function are set, and will be
     * @param objects filled from the start
     * @return the array, or null if there are more than fit: as many as {@link #count} tells
     */
    Object @Nullable [] fill(Object[] objects, MemorySegment words) {
        words.setAtIndex(JAVA_LONG, COUNT, 0); // JVMTI writes the lower half
        words.setAtIndex(JAVA_LONG, ROOM, objects.length);
        try (GlobalReference array = GlobalReference.to(objects)) {
            words.setAtIndex(ADDRESS, ARRAY, array.address());
            MemorySegment jni = Jvm.jni();
            Jvm.call(name, () -> (int) fetch.invokeExact(environment, jni, words));
        }
        free(words.getAtIndex(ADDRESS, OBJECTS));
        return count(words) > objects.length ? null : objects;
    }

    /** How many there were at the last call. */
    static int count(MemorySegment words) {
        return (int) words.getAtIndex(JAVA_LONG, COUNT);
    }

    /** Room for a few more than there were at the last call, since more may be made meanwhile. */
    static int roomFor(MemorySegment words) {
        return count(words) * 5 / 4 + 16;
    }

    /** Gives back what JVMTI has allocated. */
    void free(MemorySegment memory) {
        Jvm.call("Deallocate", () -> (int) deallocate.invokeExact(environment, memory));
    }

    /** {@code (rdi jvmti, rsi jni, rdx words)}. */
    private static MemorySegment fetch(int number, UnaryOperator<MachineCode> arguments) {
        MachineCode code = new MachineCode().push(RBX).push(R12).push(R13).push(R14).add(RSP, -8)
                .move(R12, RDI).move(RBX, RSI).move(R13, RDX);
        arguments.apply(code).callEntry(R12, number - 1);
        code.moveLowerHalf(RAX, RAX).jumpUnlessZero(RAX, "end"); // an error has 32 bits
        code.load(R14, R13, at(COUNT));
        // from the last one to the first; r14: those before
        code.label("next").jumpIfZero(R14, "done").add(R14, -1);
        code.load(RAX, R13, at(ROOM)).jumpIfNotLess(R14, RAX, "drop");
        code.load(RAX, R13, at(OBJECTS)).loadWord(RCX, RAX, R14).move(RDX, R14).load(RSI, R13, at(ARRAY)).move(RDI, RBX)
                .callEntry(RBX, SET_OBJECT_ARRAY_ELEMENT);
        code.label("drop").load(RAX, R13, at(OBJECTS)).loadWord(RSI, RAX, R14).move(RDI, RBX)
                .callEntry(RBX, DELETE_LOCAL_REF).jump("next");
        code.label("done").move(RAX, 0);
        return code.label("end").add(RSP, 8).pop(R14).pop(R13).pop(R12).pop(RBX).ret().assemble();
    }

    /** How far a word is from the first one. */
    static int at(int word) {
        return word * Long.BYTES;
    }
}
