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

/** Objects by their JVMTI tags. */
final class TaggedObjects {
    /** Classes of sizes: from 16 bytes, which is the least that an object takes, to a terabyte. */
    private static final int FIRST_SIZE = 4 * AllocationSamples.EIGHTHS;
    private static final int SIZES = 36 * AllocationSamples.EIGHTHS;
    private static final int ALL = AllocationSamples.INTERVALS * SIZES;

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

    /** Shows all whose tag has these lower bits, with the tag. */
    void visit(long lower, ObjLongConsumer<Object> visitor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tags = arena.allocate(JAVA_LONG, ALL);
            for (int i = 0; i < ALL; i++) {
                long sizeClass = (long) i / SIZES * AllocationSamples.SIZE_CLASSES + FIRST_SIZE + i % SIZES;
                tags.setAtIndex(JAVA_LONG, i, (sizeClass << AllocationSamples.SIZE_SHIFT) | lower);
            }
            MemorySegment words = arena.allocate(JAVA_LONG, WORDS);
            words.setAtIndex(JAVA_LONG, TAG_COUNT, ALL);
            words.setAtIndex(ADDRESS, TAGS, tags);
            while (!fill(words, visitor)) {
                // with more room, for as many as there were
            }
        }
    }

    /** False if there are more than before. */
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
