package dev.corral.reap;

import dev.corral.isolate.Isolate;
import java.util.List;

/**
 * The code of Corral and of its libraries. All workers share the data of this code, so a thread must not be stopped
 * inside it. For example, if a thread were stopped while it adds an element to a queue, the queue could never be read
 * to its end.
 */
final class OwnCode {
    /** Prefixes of packages. */
    private static final List<String> PACKAGES = List.of(Isolate.CORRAL_PREFIX, "org.jctools.", "org.HdrHistogram.");

    private OwnCode() {}

    /**
     * Returns whether a class of this name is part of it. A program may contain its own copy of such a class, which is
     * not.
     */
    static boolean contains(String className) {
        for (String each : PACKAGES) {
            if (className.startsWith(each)) {
                return true;
            }
        }
        return false;
    }
}
