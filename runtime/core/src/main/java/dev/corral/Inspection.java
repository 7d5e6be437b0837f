package dev.corral;

import java.util.List;

/**
 * What Corral finds in a program's code without running it: {@link Program#inspect}. A class may be listed that the
 * program never uses.
 *
 * @param classes the number of classes in its class path
 * @param redirected the JVM-wide effects that the program uses and that are each worker's own
 * @param common the effects that the program uses and that stay common to all workers, or are not shared as ports are
 * @param unwoven the classes that cannot be woven, each with the reason. A loop in such a class cannot be ended, and
 *        its calls are not redirected
 * @param nativeMethods the classes with native methods, which need a library
 * @param nativeLibraries the libraries in its jars
 */
public record Inspection(int classes, List<Touched> redirected, List<Touched> common, List<String> unwoven,
        List<String> nativeMethods, List<String> nativeLibraries) {
    /** Creates the record and copies the lists. */
    public Inspection {
        redirected = List.copyOf(redirected);
        common = List.copyOf(common);
        unwoven = List.copyOf(unwoven);
        nativeMethods = List.copyOf(nativeMethods);
        nativeLibraries = List.copyOf(nativeLibraries);
    }

    /**
     * A JVM-wide effect that classes of the program use.
     *
     * @param what the effect, in Markdown, as in the table of the reference
     * @param becomes its meaning in a worker
     * @param classes the number of classes that use it
     * @param example the name of one of these classes
     */
    public record Touched(String what, String becomes, int classes, String example) {}
}
