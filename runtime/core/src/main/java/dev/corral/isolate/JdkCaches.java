package dev.corral.isolate;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * Caches of the JDK that hold the last class that went through them, softly or not: a soft reference may outlive a worker for as
 * many seconds as the heap has free megabytes.
 */
public final class JdkCaches {
    /** What is put into them instead; a class of the application's loader would go into another cache. */
    private static final Class<?> FILLER = new FillerLoader().filler();

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
        linkRecord();
        EmptyLdapSchema.refill();
    }

    /** Those that serve the methods of records. */
    private static void linkRecord() {
        var lookup = MethodHandles.lookup();
        MethodHandle component = MethodHandles.identity(FILLER);
        try {
            var _ = ObjectMethods.bootstrap(lookup, "equals",
                    MethodType.methodType(boolean.class, FILLER, Object.class),
                    FILLER, "self", component);
            var _ = ObjectMethods.bootstrap(lookup, "hashCode", MethodType.methodType(int.class, FILLER), FILLER,
                    "self",
                    component);
            var _ = ObjectMethods.bootstrap(lookup, "toString", MethodType.methodType(String.class, FILLER), FILLER,
                    "self", component);
        } catch (Throwable e) { // as the bootstrap method declares it
            throw new LinkageError("the methods of a record cannot be linked", e);
        }
    }
}
