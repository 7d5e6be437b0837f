package dev.corral.isolate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * Caches of the JDK that softly hold the last class that went through them: a soft reference may outlive a worker for as many
 * seconds as the heap has free megabytes.
 */
final class JdkCaches {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private JdkCaches() {}

    /** Something to put into them instead. */
    private record Filler(Object value) {}

    /** Makes them hold a class of ours. */
    static void displace() {
        try {
            var value = LOOKUP.findGetter(Filler.class, "value", Object.class);
            var _ = ObjectMethods.bootstrap(LOOKUP, "equals",
                    MethodType.methodType(boolean.class, Filler.class, Object.class),
                    Filler.class, "value", value);
            var _ = ObjectMethods.bootstrap(LOOKUP, "hashCode", MethodType.methodType(int.class, Filler.class),
                    Filler.class,
                    "value", value);
            var _ = ObjectMethods.bootstrap(LOOKUP, "toString", MethodType.methodType(String.class, Filler.class),
                    Filler.class, "value", value);
        } catch (Throwable e) { // as the bootstrap method declares it
            throw new LinkageError("the methods of a record cannot be linked", e);
        }
    }
}
