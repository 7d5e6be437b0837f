package dev.corral.leak;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.ref.WeakReference;

/**
 * Counts how often the collector has unloaded classes, as far as anybody asks: a canary, a loader with one class that nothing
 * holds, goes with the first time; then the next one is made. Several times between two calls count as one.
 */
final class Unloadings {
    private static final byte[] CLASS = ClassFile.of().build(ClassDesc.of("Canary"), _ -> {});

    // Guarded by the class's monitor.
    private static WeakReference<ClassLoader> canary = newCanary();
    private static long count;

    private Unloadings() {}

    /** Never less than before; at least one collection that unloads classes has ended between two different values. */
    static synchronized long count() {
        if (canary.refersTo(null)) {
            count++;
            canary = newCanary();
        }
        return count;
    }

    private static WeakReference<ClassLoader> newCanary() {
        return new WeakReference<>(new Canary());
    }

    private static final class Canary extends ClassLoader {
        Canary() {
            super("corral-canary", null);
            defineClass("Canary", CLASS, 0, CLASS.length);
        }
    }
}
