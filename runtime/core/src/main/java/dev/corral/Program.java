package dev.corral;

import static java.util.Objects.requireNonNull;

import dev.corral.text.Checks;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The code that workers run. A program is a snapshot, taken when the program is created, so its files may be
 * overwritten later. Immutable.
 *
 * <p>The class path is copied to a private temporary directory. The directory is deleted when the last program that
 * uses it is collected, or when the JVM ends. Programs share copies: a file that has not changed is copied once.
 *
 * <p>All factories read files, so they block. They throw {@link CorralException} if a file is missing or cannot be
 * read, or if the class path does not contain the main class.
 */
public interface Program {
    /**
     * Creates a program from an executable jar. Its manifest names the main class, and may name further jars and
     * directories in {@code Class-Path}. The jar is read as a class path, including Multi-Release entries; signatures
     * are not checked.
     *
     * <p>For a jar or war of Spring Boot, the class path is the one that it contains; for a {@code quarkus-run.jar},
     * the one that lies beside it. Their launchers are not run, so that all of their code belongs to the worker.
     */
    static Program jar(Path jar, String... args) {
        return Implementation.program(requireNonNull(jar, "jar"), Checks.elements("args", args));
    }

    /**
     * Creates a program from a class path.
     *
     * @param classPath jars and directories, in this order
     * @param mainClass the name of a class with a {@code main} method, as the {@code java} command takes it, or of a
     *        {@link WorkerMain}
     * @param args the arguments of {@code main}
     */
    static Program classPath(List<Path> classPath, String mainClass, String... args) {
        return Implementation.program(requireNonNull(classPath, "classPath"), requireNonNull(mainClass, "mainClass"),
                Checks.elements("args", args));
    }

    /**
     * Creates a program from a class with a {@code main} method and the whole class path that the class was loaded
     * from. This works in an IDE, in a test, on the module path and from a jar that contains its libraries unpacked.
     * The class path of a nested jar, as in a fat jar of Spring Boot, cannot be listed; use {@link #jar} there.
     *
     * @param mainClass a class of the JVM's class path, or of a {@link java.net.URLClassLoader} over files
     */
    static Program main(Class<?> mainClass, String... args) {
        return Implementation.program(requireNonNull(mainClass, "mainClass"), Checks.elements("args", args));
    }

    /**
     * Creates a program from a class that implements {@link WorkerMain}, and the whole class path that the class was
     * loaded from. Each worker loads the class again.
     *
     * @param type a class with a no-argument constructor; not an inner, local or anonymous class
     */
    static Program worker(Class<? extends WorkerMain> type) {
        return Implementation.program(requireNonNull(type, "type"));
    }

    /**
     * Returns a copy that shares more packages, with their sub-packages. All workers have the classes of a shared
     * package in common, including their static fields. These classes come from the embedding program if it has them;
     * otherwise they are loaded once for all workers.
     *
     * @param packages names of packages; {@code "*"} shares all, which gives up isolation
     */
    Program withShared(String... packages);

    /**
     * Takes a new snapshot of the same program: same main class or jar, same arguments, same shared packages, and the
     * code that its files contain now. Blocks while it reads them. Files that have not changed are not copied again.
     *
     * @throws CorralException if a file no longer exists or cannot be read
     */
    Program again();

    /** Returns the name of the jar without its extension, or the simple name of the main class. */
    String name();

    /**
     * Returns the first 12 hex digits of the SHA-256 of the code, which identify the version that a worker runs. The
     * first call computes them, and blocks while it reads the code.
     */
    String fingerprint();

    /**
     * Reads all code of the program and reports which effects will be each worker's own, which stay common, and which
     * classes cannot be woven. Does not run the program. Blocks for some seconds if there are thousands of classes.
     */
    default Inspection inspect() {
        return Implementation.inspect(this);
    }

    /** Returns the name of the class with {@code main}, or of the {@link WorkerMain}. */
    String mainClass();

    /** Returns whether the main class is entered through {@link WorkerMain} instead of {@code main}. */
    boolean isWorkerMain();

    /** Returns the arguments of {@code main}. */
    List<String> args();

    /**
     * Returns the entries of the snapshot. Copies that were deleted, for example by a job that removes old temporary
     * files, are created again.
     *
     * @throws CorralException if the original of a deleted copy has changed since, or cannot be read
     */
    List<Entry> classPath();

    /** Returns the packages that workers have in common; {@code "*"} for all. */
    Set<String> shared();

    /** Returns the class loader that is searched first for shared packages. */
    ClassLoader parent();

    /**
     * One entry of the class path.
     *
     * @param origin the file that was copied, which {@code getCodeSource()} returns; for a jar inside another jar, its
     *        copy
     * @param copy the private copy that workers read
     */
    record Entry(Path origin, Path copy) {}
}
