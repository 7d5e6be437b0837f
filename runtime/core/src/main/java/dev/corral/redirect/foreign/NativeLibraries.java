package dev.corral.redirect.foreign;

import dev.corral.redirect.Caller;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.environment.SystemProperties;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JNI libraries. The JDK loads a file for one class loader only, and keeps it loaded as long as that loader lives. So
 * each worker loads its own copy, for the loader of the class that calls, and has its own static variables of the
 * library. Libraries on which that one depends are found by the operating system; the whole JVM shares them, like the
 * libraries of the JDK.
 *
 * <p>Classes of shared packages have one loader in the JVM, so they load the file itself. {@code
 * SymbolLookup.libraryLookup} does not depend on loaders and is not redirected: all workers see the same library.
 */
@Documented(of = "`System.load`, `System.loadLibrary`, and the same methods of `Runtime`",
        becomes = "load a copy of the library for this worker alone. It is unloaded with the worker's classes. `java.library.path` is the "
                + "worker's own")
public final class NativeLibraries implements Redirect {
    private final ClassLoader loader;
    private final SystemProperties properties;
    private final LibraryCopies copies = new LibraryCopies();

    /** The redirect of the worker with this loader and these properties. It reads {@code java.library.path}. */
    public NativeLibraries(ClassLoader loader, SystemProperties properties) {
        this.loader = loader;
        this.properties = properties;
    }

    @Replaces(type = System.class, method = "load")
    void load(String file) {
        load(Caller.find(), file);
    }

    @Replaces(type = System.class, method = "loadLibrary")
    void loadLibrary(String name) {
        loadLibrary(Caller.find(), name);
    }

    @Replaces(type = Runtime.class, method = "load")
    void load(Runtime runtime, String file) {
        load(Caller.find(), file);
    }

    @Replaces(type = Runtime.class, method = "loadLibrary")
    void loadLibrary(Runtime runtime, String name) {
        loadLibrary(Caller.find(), name);
    }

    // The messages below are the JDK's.

    private void load(Caller caller, String name) {
        var file = new File(name);
        if (!file.isAbsolute()) {
            throw new UnsatisfiedLinkError("Expecting an absolute path of the library: " + name);
        }
        if (isShared(caller) || pathOfJdk().contains(file.getParent())) {
            LibraryLoading.load(caller.type(), name);
        } else if (file.exists()) {
            loadCopy(caller, file);
        } else {
            throw new UnsatisfiedLinkError("Can't load library: " + file);
        }
    }

    private void loadLibrary(Caller caller, String name) {
        if (name.indexOf(File.separatorChar) >= 0) {
            throw new UnsatisfiedLinkError("Directory separator should not appear in library name: " + name);
        }
        if (isShared(caller)) {
            LibraryLoading.loadLibrary(caller.type(), name);
            return;
        }
        String found = findByLoader(caller.type().getClassLoader(), name);
        if (found != null) {
            var file = new File(found);
            if (!file.isAbsolute()) {
                throw new UnsatisfiedLinkError(
                        "ClassLoader.findLibrary failed to return an absolute path: " + found);
            }
            if (!file.exists()) {
                throw new UnsatisfiedLinkError("Can't load " + found);
            }
            loadCopy(caller, file);
            return;
        }
        String fileName = System.mapLibraryName(name);
        if (find(pathOfJdk(), fileName) != null) {
            LibraryLoading.loadLibrary(caller.type(), name);
            return;
        }
        String path = Objects.requireNonNullElse(properties.getProperty("java.library.path"), "");
        File file = find(parse(path), fileName);
        if (file == null) {
            throw new UnsatisfiedLinkError("no " + name + " in java.library.path: " + path);
        }
        loadCopy(caller, file);
    }

    /** Whether the call comes from code that workers share. */
    private boolean isShared(Caller caller) {
        return caller.gate().getClassLoader() != loader;
    }

    private static List<String> pathOfJdk() {
        return parse(System.getProperty("sun.boot.library.path", ""));
    }

    /** The elements of a path. An empty element means the current directory. */
    private static List<String> parse(String path) {
        return List.of(path.split(File.pathSeparator, -1)).stream().map(part -> part.isEmpty() ? "." : part).toList();
    }

    private static @Nullable File find(List<String> path, String fileName) {
        return path.stream().map(directory -> new File(directory, fileName)).filter(File::exists).findFirst()
                .orElse(null);
    }

    /**
     * Asks a class loader of the program where its library is. Null if it does not know; the JDK's loaders are not
     * asked.
     */
    private static @Nullable String findByLoader(ClassLoader loader, String name) {
        for (Class<?> type = loader.getClass(); type.getClassLoader() != null; type = type.getSuperclass()) {
            try {
                Method method = type.getDeclaredMethod("findLibrary", String.class);
                method.setAccessible(true);
                return (String) method.invoke(loader, name);
            } catch (NoSuchMethodException e) {
                // a superclass may have it
            } catch (InvocationTargetException e) {
                throw sneaked(e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        return null;
    }

    /**
     * Throws an error, and turns anything else into an unchecked exception: {@code findLibrary} declares no checked
     * one.
     */
    private static RuntimeException sneaked(@Nullable Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(thrown);
    }

    private void loadCopy(Caller caller, File file) {
        LibraryCopies.Copy copy;
        try {
            copy = copies.of(file);
        } catch (IOException e) {
            throw (Error) new UnsatisfiedLinkError(
                    "Can't load library: " + file + ", of which no copy can be made: " + e)
                    .initCause(e);
        }
        try {
            LibraryLoading.load(caller.type(), copy.file());
        } catch (UnsatisfiedLinkError e) {
            if (!copy.addNeighbours()) {
                throw ofOriginal(e, copy);
            }
            try { // it may need libraries of its original's directory
                LibraryLoading.load(caller.type(), copy.file());
            } catch (UnsatisfiedLinkError again) {
                throw ofOriginal(again, copy);
            }
        }
    }

    /** The same error with the path of the original, which the program knows, instead of the path of the copy. */
    private static UnsatisfiedLinkError ofOriginal(UnsatisfiedLinkError error, LibraryCopies.Copy copy) {
        String message = Objects.requireNonNullElse(error.getMessage(), "");
        var same = new UnsatisfiedLinkError(message.replace(copy.file(), copy.original()));
        same.setStackTrace(error.getStackTrace());
        return same;
    }

    @Override
    public void close() {
        copies.delete();
    }
}
