package dev.corral.isolate;

import dev.corral.Program;
import dev.corral.thread.Log;
import dev.corral.weave.Ancestry;
import dev.corral.weave.Weaver;
import java.io.File;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The code of one program. It is read from the program's snapshot and woven once, for all isolates that run it.
 * Thread-safe.
 */
public final class ProgramCode {
    private static final Log LOG = Log.get();

    private final Program program;
    private final ClassPath classPath;
    private final Map<String, Woven> woven = new ConcurrentHashMap<>();
    private final Ancestry ancestry = new Ancestry(this::classFile);
    private final AtomicInteger unwoven = new AtomicInteger();
    private final @Nullable SharedLoader sharedLoader;
    private final Map<String, String> properties;

    /** Opens the snapshot of a program. */
    public ProgramCode(Program program) {
        this.program = program;
        this.classPath = new ClassPath(program);
        this.properties = Map.of("java.class.path", program.classPath().stream().map(entry -> entry.copy().toString())
                .collect(Collectors.joining(File.pathSeparator)));
        this.sharedLoader = program.shared().isEmpty() ? null : new SharedLoader(this);
    }

    /** A class in the form in which isolates define it. */
    static final class Woven {
        private final byte[] bytes;
        private final ClassPath.Place place;

        Woven(byte[] bytes, ClassPath.Place place) {
            this.bytes = bytes;
            this.place = place;
        }

        /** Returns the bytes, which the caller must not change. */
        byte[] bytes() {
            return bytes;
        }

        ClassPath.Place place() {
            return place;
        }
    }

    /** Returns the system properties that contain the class path; libraries that scan the class path read them. */
    public Map<String, String> properties() {
        return properties;
    }

    /** Returns the program. */
    public Program program() {
        return program;
    }

    /**
     * Returns the number of classes that could not be woven and were defined unchanged. They have no checkpoints, and
     * their calls are not redirected.
     */
    public int unwoven() {
        return unwoven.get();
    }

    /** Returns the superclasses of the program's classes. */
    Ancestry ancestry() {
        return ancestry;
    }

    private byte @Nullable [] classFile(String internalName) {
        ClassPath.Found found = classPath.find(internalName + ".class");
        return found == null ? null : found.read();
    }

    ClassPath classPath() {
        return classPath;
    }

    @Nullable
    SharedLoader sharedLoader() {
        return sharedLoader;
    }

    boolean isShared(String className) {
        Set<String> shared = program.shared();
        if (shared.isEmpty()) {
            return false;
        }
        if (shared.contains("*")) {
            return true;
        }
        for (int dot = className.lastIndexOf('.'); dot > 0; dot = className.lastIndexOf('.', dot - 1)) {
            if (shared.contains(className.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }

    /** Returns the woven class of this name, or null if it is not in the class path. */
    @Nullable
    Woven find(String className) {
        Woven known = woven.get(className);
        if (known != null) {
            return known;
        }
        ClassPath.Found found = classPath.find(className.replace('.', '/') + ".class");
        return found == null ? null : woven.computeIfAbsent(className, name -> weave(name, found));
    }

    private Woven weave(String className, ClassPath.Found found) {
        byte[] original = found.read();
        try {
            return new Woven(Weaver.weave(original, ancestry), found.place());
        } catch (RuntimeException e) { // broken, or too large with checkpoints; the JVM reports a class that it cannot define
            unwoven.incrementAndGet();
            LOG.log(Level.DEBUG, "{0} of {1} could not be woven: {2}", className, program.name(), e);
            return new Woven(original, found.place());
        }
    }
}
