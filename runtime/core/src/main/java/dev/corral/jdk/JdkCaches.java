package dev.corral.jdk;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.Collections;

/**
 * Caches of the JDK that hold the last class that went through them, softly or not: a soft reference may outlive a worker for as
 * many seconds as the heap has free megabytes.
 */
public final class JdkCaches {
    /** Most that a call has in code that anybody writes. */
    private static final int MOST_ARGUMENTS = 16;

    private JdkCaches() {}

    private static final class FillerLoader extends ClassLoader {
        Class<?> filler() {
            String name = JdkCaches.class.getPackageName() + ".Filler";
            byte[] bytes = ClassFile.of().build(ClassDesc.of(name), _ -> {});
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    /** Makes them hold what is Corral's own; to be called when a worker has ended. Any thread. */
    public static void displace() {
        // A new class each time, for of one that they know some need no new entry; not one of the application's loader, which would
        // go into other caches.
        Class<?> filler = new FillerLoader().filler();
        linkRecord(filler);
        catchExceptions(filler);
        EmptyLdapSchema.refill();
    }

    /** Those that serve the methods of records. */
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

    /** Those that serve handles with so many arguments and a handler of exceptions, as dynamic languages make them. */
    private static void catchExceptions(Class<?> filler) {
        MethodHandle handler = MethodHandles.empty(MethodType.methodType(void.class, Throwable.class));
        for (int i = 1; i <= MOST_ARGUMENTS; i++) {
            MethodType type = MethodType.methodType(void.class, Collections.nCopies(i, filler));
            var _ = MethodHandles.catchException(MethodHandles.empty(type), Throwable.class, handler);
        }
    }
}
