package dev.corral.jdk;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.Collections;

/**
 * Caches of the JDK that refer to the last class that used them, some of them softly. A soft reference may outlive a
 * worker by as many seconds as the heap has free megabytes.
 */
public final class JdkCaches {
    /** The largest number of arguments that calls have in practice. */
    private static final int MOST_ARGUMENTS = 16;

    private JdkCaches() {}

    private static final class FillerLoader extends ClassLoader {
        Class<?> filler() {
            String name = JdkCaches.class.getPackageName() + ".Filler";
            byte[] bytes = ClassFile.of().build(ClassDesc.of(name), _ -> {});
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    /**
     * Replaces the entries of a worker by entries of Corral. Call it when a worker has ended. Any thread may call it.
     */
    public static void displace() {
        // A new class each time, because some caches create no entry for a class that they know. The class has its own class loader,
        // because classes of the application's class loader go to other caches.
        Class<?> filler = new FillerLoader().filler();
        linkRecord(filler);
        catchExceptions(filler);
        EmptyLdapSchema.refill();
    }

    /** Displaces entries of the caches for the methods of records. */
    private static void linkRecord(Class<?> filler) {
        var lookup = MethodHandles.lookup();
        MethodHandle component = MethodHandles.identity(filler);
        try {
            var _ = ObjectMethods.bootstrap(lookup, "equals",
                    MethodType.methodType(boolean.class, filler, Object.class), filler, "self", component);
            var _ = ObjectMethods.bootstrap(lookup, "hashCode", MethodType.methodType(int.class, filler), filler,
                    "self", component);
            var _ = ObjectMethods.bootstrap(lookup, "toString", MethodType.methodType(String.class, filler), filler,
                    "self", component);
        } catch (Throwable e) { // as the bootstrap method declares it
            throw new LinkageError("the methods of a record cannot be linked", e);
        }
    }

    /**
     * Displaces entries of the caches for method handles with an exception handler, for each number of arguments, as
     * dynamic languages create them.
     */
    private static void catchExceptions(Class<?> filler) {
        MethodHandle handler = MethodHandles.empty(MethodType.methodType(void.class, Throwable.class));
        for (int i = 1; i <= MOST_ARGUMENTS; i++) {
            MethodType type = MethodType.methodType(void.class, Collections.nCopies(i, filler));
            var _ = MethodHandles.catchException(MethodHandles.empty(type), Throwable.class, handler);
        }
    }
}
