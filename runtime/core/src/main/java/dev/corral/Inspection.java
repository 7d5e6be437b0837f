package dev.corral;

import java.util.List;

/**
 * What Corral knows of a program's code before it runs: {@link Program#inspect}. A class may be named that the program never
 * uses.
 *
 * @param classes how many its class path has
 * @param redirected JVM-wide effects that it touches and that are each worker's own
 * @param common what it touches that stays common to all workers, or is not shared as ports are
 * @param unwoven classes that cannot be woven: no force ends a loop in them, and nothing in them is redirected; with the reason
 * @param nativeMethods classes with native methods, for which a library is loaded
 * @param nativeLibraries libraries in its jars
 */
public record Inspection(int classes, List<Touched> redirected, List<Touched> common, List<String> unwoven,
        List<String> nativeMethods, List<String> nativeLibraries) {
    /** Copies the lists. */
    public Inspection {
        redirected = List.copyOf(redirected);
        common = List.copyOf(common);
        unwoven = List.copyOf(unwoven);
        nativeMethods = List.copyOf(nativeMethods);
        nativeLibraries = List.copyOf(nativeLibraries);
    }

    /**
     * Something of the JVM that classes of the program name.
     *
     * @param what it is, in Markdown, as the table in the reference has it
     * @param becomes what it is in a worker
     * @param classes how many name it
     * @param example one of them
     */
    public record Touched(String what, String becomes, int classes, String example) {}
}
