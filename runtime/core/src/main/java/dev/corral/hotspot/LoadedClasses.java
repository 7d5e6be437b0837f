package dev.corral.hotspot;

import static dev.corral.hotspot.MachineCode.Register.R13;
import static dev.corral.hotspot.MachineCode.Register.RDX;
import static dev.corral.hotspot.MachineCode.Register.RSI;
import static dev.corral.hotspot.ReferenceArray.COUNT;
import static dev.corral.hotspot.ReferenceArray.OBJECTS;
import static dev.corral.hotspot.ReferenceArray.at;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Lists the classes that this JVM has loaded, from all class loaders, including arrays and hidden classes. */
public final class LoadedClasses {
    private static final int GET_LOADED_CLASSES = 78;

    private LoadedClasses() {}

    /** Links the function at the first use. */
    private static final class Holder {
        static final ReferenceArray ARRAY = new ReferenceArray(Jvm.jvmti(), "GetLoadedClasses", GET_LOADED_CLASSES,
                code -> code.loadAddress(RSI, R13, at(COUNT)).loadAddress(RDX, R13, at(OBJECTS)));
    }

    /** Returns all loaded classes; none where JVMTI is not available. Platform threads only. */
    public static List<Class<?>> all() {
        if (!Jvm.isReachable()) {
            return List.of();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment words = arena.allocate(ValueLayout.JAVA_LONG, ReferenceArray.FIRST_OF_FUNCTION);
            Object[] objects = null;
            while (objects == null) { // too small: try again with room for the number that was reported
                objects = Holder.ARRAY.fill(new Object[ReferenceArray.roomFor(words)], words);
            }
            List<Class<?>> classes = new ArrayList<>();
            for (int i = 0; i < ReferenceArray.count(words); i++) {
                classes.add((Class<?>) objects[i]);
            }
            return classes;
        }
    }
}
