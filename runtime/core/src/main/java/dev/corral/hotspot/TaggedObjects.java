package dev.corral.hotspot;

import static dev.corral.hotspot.MachineCode.Register.R12;
import static dev.corral.hotspot.MachineCode.Register.R13;
import static dev.corral.hotspot.MachineCode.Register.R14;
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

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.ObjLongConsumer;

/**
 * Objects by their JVMTI tags ({@code GetObjectsWithTags}). Machine code puts them into a Java array before it returns: the local references
 * in which JVMTI gives them may not outlive the next native method of the JDK.
 */
final class TaggedObjects {
    /** Classes of sizes: from 16 bytes, which is the least that an object takes, to a terabyte. */
    private static final int FIRST_SIZE = 4 * AllocationSamples.EIGHTHS;
    private static final int SIZES = 36 * AllocationSamples.EIGHTHS;

    // Numbers of jvmti.h.
    private static final int DEALLOCATE = 47;
    private static final int GET_OBJECTS_WITH_TAGS = 114;
    // Slots of jni.h.
    private static final int DELETE_LOCAL_REF = 23;
    private static final int SET_OBJECT_ARRAY_ELEMENT = 174;

    // Words of what the machine code is given and gives.
    private static final int TAG_COUNT = 0;
    private static final int TAGS = 1;
    private static final int ARRAY = 2;
    /** Free places of the array. */
    private static final int ROOM = 3;
    private static final int COUNT = 4;
    private static final int OBJECTS = 5;
    private static final int OBJECT_TAGS = 6;
    private static final int WORDS = 7;

    private final MemorySegment environment;
    private final MethodHandle fetch;
    private final MethodHandle deallocate;

    TaggedObjects(MemorySegment environment) {
        this.environment = environment;
        fetch = Jvm.function(fetch(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        deallocate = Jvm.jvmtiFunction(environment, DEALLOCATE, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    /** Shows all whose tag has these lower bits, with the tag. */
    void visit(long lower, ObjLongConsumer<Object> visitor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tags = arena.allocate(JAVA_LONG, SIZES);
            for (int i = 0; i < SIZES; i++) {
                tags.setAtIndex(JAVA_LONG, i, ((long) (FIRST_SIZE + i) << AllocationSamples.SIZE_SHIFT) | lower);
            }
            MemorySegment words = arena.allocate(JAVA_LONG, WORDS);
            words.setAtIndex(JAVA_LONG, TAG_COUNT, SIZES);
            words.setAtIndex(ADDRESS, TAGS, tags);
            while (!fill(new Object[roomFor(words)], words, visitor)) {
                // with more room, for as many as there were
            }
        }
    }

    /** For a few more than there were at the last look, since more may be made meanwhile. */
    private static int roomFor(MemorySegment words) {
        return (int) words.getAtIndex(JAVA_LONG, COUNT) * 5 / 4 + 16;
    }

    /** False if there are more than fit into the array. */
    private boolean fill(Object[] objects, MemorySegment words, ObjLongConsumer<Object> visitor) {
        words.setAtIndex(JAVA_LONG, COUNT, 0); // JVMTI writes the lower half
        words.setAtIndex(JAVA_LONG, ROOM, objects.length);
        try (GlobalReference array = GlobalReference.to(objects)) {
            words.setAtIndex(ADDRESS, ARRAY, array.address());
            MemorySegment jni = Jvm.jni();
            Jvm.call("GetObjectsWithTags", () -> (int) fetch.invokeExact(environment, jni, words));
        }
        MemorySegment tags = words.getAtIndex(ADDRESS, OBJECT_TAGS);
        try {
            int count = (int) words.getAtIndex(JAVA_LONG, COUNT);
            if (count > objects.length) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                visitor.accept(objects[i], Jvm.word(tags, i));
            }
            return true;
        } finally {
            free(words.getAtIndex(ADDRESS, OBJECTS));
            free(tags);
        }
    }

    private void free(MemorySegment memory) {
        Jvm.call("Deallocate", () -> (int) deallocate.invokeExact(environment, memory));
    }

    /** {@code (rdi jvmti, rsi jni, rdx words)}. */
    private static MemorySegment fetch() {
        MachineCode code = new MachineCode().push(RBX).push(R12).push(R13).push(R14).add(RSP, -8)
                .move(R12, RDI).move(RBX, RSI).move(R13, RDX);
        code.load(RSI, R13, at(TAG_COUNT)).load(RDX, R13, at(TAGS)).loadAddress(RCX, R13, at(COUNT))
                .loadAddress(R8, R13, at(OBJECTS)).loadAddress(R9, R13, at(OBJECT_TAGS))
                .callEntry(R12, GET_OBJECTS_WITH_TAGS - 1);
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

    private static int at(int word) {
        return word * Long.BYTES;
    }
}
