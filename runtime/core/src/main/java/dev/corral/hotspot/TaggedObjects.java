package dev.corral.hotspot;

import static dev.corral.hotspot.MachineCode.Register.R13;
import static dev.corral.hotspot.MachineCode.Register.R8;
import static dev.corral.hotspot.MachineCode.Register.R9;
import static dev.corral.hotspot.MachineCode.Register.RCX;
import static dev.corral.hotspot.MachineCode.Register.RDX;
import static dev.corral.hotspot.MachineCode.Register.RSI;
import static dev.corral.hotspot.ReferenceArray.COUNT;
import static dev.corral.hotspot.ReferenceArray.OBJECTS;
import static dev.corral.hotspot.ReferenceArray.at;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.ObjLongConsumer;

/**
 * Finds objects by their JVMTI tags. Platform threads only.
 *
 * <pre>
 * The words of the function, after those of ReferenceArray
 *  32   number of wanted tags
 *  40   address of the wanted tags
 *  48   address of the tags of the objects, written by JVMTI, freed by Java
 * </pre>
 */
final class TaggedObjects {
    private static final int GET_OBJECTS_WITH_TAGS = 114;

    private static final int TAG_COUNT = ReferenceArray.FIRST_OF_FUNCTION;
    private static final int TAGS = TAG_COUNT + 1;
    private static final int OBJECT_TAGS = TAGS + 1;
    private static final int WORDS = OBJECT_TAGS + 1;

    private final ReferenceArray array;

    TaggedObjects(MemorySegment environment) {
        array = new ReferenceArray(environment, "GetObjectsWithTags", GET_OBJECTS_WITH_TAGS,
                code -> code.load(RSI, R13, at(TAG_COUNT)).load(RDX, R13, at(TAGS)).loadAddress(RCX, R13, at(COUNT))
                        .loadAddress(R8, R13, at(OBJECTS)).loadAddress(R9, R13, at(OBJECT_TAGS)));
    }

    /**
     * Visits all objects that have one of these tags, each with its tag. Compares each tag of the JVM with each of
     * these.
     */
    void visit(long[] wanted, ObjLongConsumer<Object> visitor) {
        if (wanted.length == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment words = arena.allocate(JAVA_LONG, WORDS);
            words.setAtIndex(JAVA_LONG, TAG_COUNT, wanted.length);
            words.setAtIndex(ADDRESS, TAGS, arena.allocateFrom(JAVA_LONG, wanted));
            while (!fill(words, visitor)) {
                // too small: try again with room for the number that was reported
            }
        }
    }

    /** Visits the objects; false if there are more than there was room for, in which case none was visited. */
    private boolean fill(MemorySegment words, ObjLongConsumer<Object> visitor) {
        Object[] objects = array.fill(new Object[ReferenceArray.roomFor(words)], words);
        MemorySegment tags = words.getAtIndex(ADDRESS, OBJECT_TAGS);
        try {
            if (objects == null) {
                return false;
            }
            for (int i = 0; i < ReferenceArray.count(words); i++) {
                visitor.accept(objects[i], Jvm.word(tags, i));
            }
            return true;
        } finally {
            array.free(tags);
        }
    }
}
