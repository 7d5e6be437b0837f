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
 * A function of JVMTI that returns objects as an array of local references. Machine code copies them to a Java array
 * before it returns, because local references die when the next native method of the JDK returns. Platform threads
 * only.
 *
 * <pre>
 * The words that the machine code gets, 8 bytes each; written by
 *   0   array    global reference to the Object[] to fill        Java
 *   8   room     length of that array                            Java
 *  16   count    number of objects                               JVMTI, lower half
 *  24   objects  address of the array of local references        JVMTI, freed by Java
 *  32   further words of the function, if it has any
 * </pre>
 */
final class ReferenceArray {
    // Numbers of the words.
    private static final int ARRAY = 0;
    /** The length of the Java array. */
    private static final int ROOM = 1;
    static final int COUNT = 2;
    static final int OBJECTS = 3;
    static final int FIRST_OF_FUNCTION = 4;

    private static final int DEALLOCATE = 47;
    // Positions of functions in the table of jni.h.
    private static final int DELETE_LOCAL_REF = 23;
    private static final int SET_OBJECT_ARRAY_ELEMENT = 174;

    private final String name;
    private final MemorySegment environment;
    private final MethodHandle fetch;
    private final MethodHandle deallocate;

    /**
     * Links a function.
     *
     * @param number the number of the function in {@code jvmti.h}
     * @param arguments appends code that loads the arguments after the first one; r13 holds the address of the words
     */
    ReferenceArray(MemorySegment environment, String name, int number, UnaryOperator<MachineCode> arguments) {
        this.name = name;
        this.environment = environment;
        fetch = Jvm.function(fetch(number, arguments), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        deallocate = Jvm.jvmtiFunction(environment, DEALLOCATE, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    /**
     * Calls the function and fills an array with the objects.
     *
     * @param objects the array, which is filled from its start
     * @param words the words, with those of the function set
     * @return the array, or null if it is too short for the objects, whose number {@link #count} returns
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

    /** Returns the number of objects of the last call. */
    static int count(MemorySegment words) {
        return (int) words.getAtIndex(JAVA_LONG, COUNT);
    }

    /**
     * Returns the length of an array for the objects of the last call and some more, because further ones may be
     * created before the next call.
     */
    static int roomFor(MemorySegment words) {
        return count(words) * 5 / 4 + 16;
    }

    /** Frees memory that JVMTI has allocated. */
    void free(MemorySegment memory) {
        Jvm.call("Deallocate", () -> (int) deallocate.invokeExact(environment, memory));
    }

    /**
     * Assembles the call of the function and the loop that copies the objects, from the last one to the first, and
     * deletes their local references. If there are more objects than room, those beyond it are not copied.
     *
     * <pre>
     * arguments  rdi jvmti, rsi jni, rdx words
     * kept       rbx jni, r12 jvmti, r13 words, r14 number of objects that are not yet copied
     *            (callee-saved: four pushes and 8 bytes align rsp to 16)
     * scratch    rax, rcx, rdx, rsi, rdi
     * result     eax 0, or an error of jvmti.h
     * </pre>
     */
    private static MemorySegment fetch(int number, UnaryOperator<MachineCode> arguments) {
        MachineCode code = new MachineCode().push(RBX).push(R12).push(R13).push(R14).add(RSP, -8)
                .move(R12, RDI).move(RBX, RSI).move(R13, RDX);
        arguments.apply(code).callEntry(R12, number - 1);
        code.moveLowerHalf(RAX, RAX).jumpUnlessZero(RAX, "end"); // an error has 32 bits
        code.load(R14, R13, at(COUNT));

        code.label("next").jumpIfZero(R14, "done").add(R14, -1);
        code.load(RAX, R13, at(ROOM)).jumpIfNotLess(R14, RAX, "drop");
        code.load(RAX, R13, at(OBJECTS)).loadWord(RCX, RAX, R14).move(RDX, R14).load(RSI, R13, at(ARRAY)).move(RDI, RBX)
                .callEntry(RBX, SET_OBJECT_ARRAY_ELEMENT);
        code.label("drop").load(RAX, R13, at(OBJECTS)).loadWord(RSI, RAX, R14).move(RDI, RBX)
                .callEntry(RBX, DELETE_LOCAL_REF).jump("next");
        code.label("done").move(RAX, 0);
        return code.label("end").add(RSP, 8).pop(R14).pop(R13).pop(R12).pop(RBX).ret().assemble();
    }

    /** Returns the distance of a word from the first one, in bytes. */
    static int at(int word) {
        return word * Long.BYTES;
    }
}
