package dev.corral;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a worker runs: a snapshot of code, taken when the program is made, so that files may be overwritten later. Immutable.
 *
 * <p>The class path is copied to a private temporary directory, which goes when the last program that uses it is collected,
 * or with the JVM. Copies are shared between programs: a file that has not changed is copied once.
 *
 * <p>All factories throw {@link CorralException} where a file is missing or cannot be read, or the main class is not in the
 * class path.
 */
public interface Program {
    /**
     * An executable jar: its manifest names the main class, and may name further jars and directories in {@code Class-Path}. It
     * is read as a class path, Multi-Release entries included; signatures are not checked.
     *
     * <p>A jar or war of Spring Boot is read as the class path that it contains, and a {@code quarkus-run.jar} as the one that
     * lies beside it; their launchers are passed over, so that all of their code is a worker's like any other.
     */
    static Program jar(Path jar, String... args) {
        return Implementation.program(jar, List.of(args));
    }

    /**
     * Jars and directories, in this order, and a class in them with a {@code main} method, as the {@code java} command takes
     * it, or else a {@link WorkerMain}.
     */
    static Program classPath(List<Path> classPath, String mainClass, String... args) {
        return Implementation.program(classPath, mainClass, List.of(args));
    }

    /**
     * A class with {@code main}, and whatever the class path that it came from holds; works in an IDE, in a test and from a
     * fat jar. Its loader must be that of the JVM's class path, or a {@link java.net.URLClassLoader} over files.
     */
    static Program main(Class<?> mainClass, String... args) {
        return Implementation.program(mainClass, List.of(args));
    }

    /**
     * As {@link #main}, for a class that wants its context. It is loaded anew in each worker, so it needs a no-argument
     * constructor, and must be no inner, local or anonymous class.
     */
    static Program worker(Class<? extends WorkerMain> type) {
        return Implementation.program(type);
    }

    /**
     * Adds packages, with their sub-packages, that all workers have in common: types, statics and all. They are taken from
     * the embedding program where it has them, else loaded once for all workers. {@code "*"} shares all: no isolation.
     */
    Program withShared(String... packages);

    /**
     * The same program, with the code that is at its place now: same main class or jar, same arguments, same shared packages.
     * Files that have not changed are not copied again.
     *
     * @throws CorralException if a file is not there any more, or cannot be read
     */
    Program again();

    /** Name of the jar without its ending, or simple name of the main class. */
    String name();

    /** First 12 hex digits of the SHA-256 of the code: tells which version a worker runs. Computed at the first call. */
    String fingerprint();

    /**
     * Reads all of its code, and tells what in it will be each worker's own, what stays common, and what cannot be woven. Runs
     * nothing of it; takes some seconds for thousands of classes.
     */
    default Inspection inspect() {
        return Implementation.inspect(this);
    }

    /** The class with {@code main}, or the {@link WorkerMain}. */
    String mainClass();

    /** Whether the main class is entered through {@link WorkerMain}, not through {@code main}. */
    boolean isWorkerMain();

    /** What {@code main} gets. */
    List<String> args();

    /**
     * The snapshot. Copies that something has deleted, as jobs do that remove old temporary files, are created again.
     *
     * @throws CorralException if the original of a deleted copy has changed since, or cannot be read
     */
    List<Entry> classPath();

    /** Packages that workers have in common; {@code "*"} for all. */
    Set<String> shared();

    /** The loader that shared packages are looked for in first. */
    ClassLoader parent();

    /**
     * One entry of the class path.
     *
     * @param origin where it was taken from; what {@code getCodeSource()} tells. Of a jar that was inside of another, its copy
     * @param copy the private copy that workers read
     */
    record Entry(Path origin, Path copy) {}
}
