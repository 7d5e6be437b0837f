package dev.corral.reap;

import dev.corral.isolate.Isolate;
import java.util.List;

/**
 * The code of Corral and of the libraries that it uses. All workers share what this code works on, so a thread must not be stopped inside it:
 * a queue into which a stopped thread has put half of an element would never be read to its end.
 */
final class OwnCode {
    /** Packages, with those below them. */
    private static final List<String> PACKAGES = List.of(Isolate.CORRAL_PREFIX, "org.jctools.", "org.HdrHistogram.");

    private OwnCode() {}

    /** Whether a class of this name is part of it, unless a program has brought a copy of its own. */
    static boolean contains(String className) {
        for (String each : PACKAGES) {
            if (className.startsWith(each)) {
                return true;
            }
        }
        return false;
    }
}
