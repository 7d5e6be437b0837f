package dev.corral.leak;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.ref.WeakReference;

/**
 * Counts how often the collector has unloaded classes, by means of a canary: a class loader with one class that nothing
 * refers to. When the canary has been collected, it is counted and the next one is created. Several unloadings between
 * two calls count as one. Thread-safe.
 */
final class Unloadings {
    private static final byte[] CLASS = ClassFile.of().build(ClassDesc.of("Canary"), _ -> {});

    // Guarded by the class's monitor.
    private static WeakReference<ClassLoader> canary = newCanary();
    private static long count;

    private Unloadings() {}

    /**
     * Returns the count, which never decreases. Between two calls that return different values at least one collection
     * that unloads classes has ended.
     */
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
