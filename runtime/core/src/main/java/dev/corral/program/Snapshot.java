package dev.corral.program;

import dev.corral.Cluster;
import dev.corral.CorralException;
import dev.corral.Program;
import dev.corral.WorkerMain;
import static java.util.Objects.requireNonNull;

import dev.corral.text.Checks;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program as the copies of its code that {@link SnapshotStore} keeps.
 *
 * @param reader reads the program again from its origin, without shared packages
 */
public record Snapshot(String name, String mainClass, boolean isWorkerMain, List<String> args,
        List<SnapshotStore.Copy> copies, Set<String> shared, ClassLoader parent,
        Supplier<Snapshot> reader) implements Program {
    /** Takes a snapshot of an executable jar or war. Copies its files. */
    public static Snapshot ofJar(Path jar, List<String> args) {
        requireFile(jar);
        Layout layout = Layout.of(jar);
        String file = jar.getFileName().toString();
        String name = file.endsWith(".jar") || file.endsWith(".war") ? file.substring(0, file.length() - 4) : file;
        return take(name, layout.classPath(), layout.mainClass(), false, args, Cluster.class.getClassLoader(),
                () -> ofJar(jar, args));
    }

    /** Takes a snapshot of a class path, with the name of the main class. Copies its files. */
    public static Snapshot ofClassPath(List<Path> paths, String mainClass, List<String> args) {
        List<Path> classPath = List.copyOf(paths);
        classPath.forEach(Snapshot::requirePath);
        Names.requireClass(mainClass);
        return take(simpleName(mainClass), classPath, mainClass, false, args, Cluster.class.getClassLoader(),
                () -> ofClassPath(classPath, mainClass, args));
    }

    /** Takes a snapshot of the class path that the class was loaded from. Copies its files. */
    public static Snapshot ofClass(Class<?> mainClass, List<String> args) {
        return ofClass(mainClass, false, args);
    }

    private static Snapshot ofClass(Class<?> type, boolean preferWorkerMain, List<String> args) {
        return take(type.getSimpleName(), classPathOf(type), type.getName(), preferWorkerMain, args,
                requireNonNull(type.getClassLoader()), () -> ofClass(type, preferWorkerMain, args));
    }

    /**
     * Takes a snapshot of the class path that the class was loaded from. Each worker creates an instance of the class.
     */
    public static Snapshot ofWorker(Class<? extends WorkerMain> type) {
        boolean isOfItsOwn = !type.isAnonymousClass() && !type.isLocalClass() && !type.isHidden()
                && !type.isInterface() && !Modifier.isAbstract(type.getModifiers());
        boolean hasConstructor = Stream.of(type.getDeclaredConstructors()).anyMatch(c -> c.getParameterCount() == 0);
        if (!isOfItsOwn || !hasConstructor) {
            throw new CorralException(
                    type.getName()
                            + " cannot be created in each worker; it must be a named class that is not abstract, "
                            + "with a no-argument constructor, not a local class or a lambda expression");
        }
        return ofClass(type, true, List.of());
    }

    private static Snapshot take(String name, List<Path> classPath, String mainClass, boolean preferWorkerMain,
            List<String> args, ClassLoader parent, Supplier<Snapshot> reader) {
        List<SnapshotStore.Copy> copies =
                withManifestClassPaths(classPath).stream().flatMap(path -> SnapshotStore.copy(path).stream()).toList();
        var entry = MainClass.find(mainClass, copies);
        if (entry == null) {
            throw new CorralException("no class " + mainClass + " in " + classPath);
        }
        boolean isWorkerMain = preferWorkerMain || (entry.isWorkerMain() && !entry.hasMain());
        if (!isWorkerMain && !entry.hasMain()) {
            throw new CorralException(mainClass + (entry.fault().isEmpty()
                    ? " has no main method and does not implement WorkerMain"
                    : " cannot be run: " + entry.fault()));
        }
        return new Snapshot(name, mainClass, isWorkerMain, List.copyOf(args), copies, Set.of(), parent, reader);
    }

    @Override
    public Program withShared(String... packages) {
        Set<String> all = new LinkedHashSet<>(shared);
        for (String name : Checks.elements("packages", packages)) {
            boolean isPackage = Names.isQualified(name) && !name.equals("java") && !name.startsWith("java.");
            if (!isPackage && !name.equals("*")) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" cannot be shared; it must be a package of a program, or *");
            }
            all.add(name);
        }
        return new Snapshot(name, mainClass, isWorkerMain, args, copies, Set.copyOf(all), parent,
                reader);
    }

    @Override
    public Program again() {
        return reader.get().withShared(shared.toArray(String[]::new));
    }

    @Override
    public List<Entry> classPath() {
        copies.forEach(SnapshotStore.Copy::restore);
        return copies.stream().map(copy -> new Entry(copy.origin(), copy.path())).toList();
    }

    @Override
    public String fingerprint() {
        return SnapshotStore.fingerprint(copies);
    }

    /** Returns name and fingerprint. */
    @Override
    public String toString() {
        return name + "@" + fingerprint();
    }

    private static String simpleName(String className) {
        return className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
    }

    private static void requirePath(Path path) {
        if (!Files.exists(path)) {
            throw new CorralException("no file " + path);
        }
    }

    private static void requireFile(Path path) {
        requirePath(path);
        if (!Files.isRegularFile(path)) {
            throw new CorralException(path + " is a directory or a device; it must be a jar or a war");
        }
    }

    /** Adds the jars that manifests name in {@code Class-Path}, each after the jar that names it, as the JVM does. */
    private static List<Path> withManifestClassPaths(List<Path> classPath) {
        Set<Path> all = new LinkedHashSet<>();
        classPath.forEach(path -> addWithManifestClassPath(path.toAbsolutePath().normalize(), all));
        return List.copyOf(all);
    }

    private static void addWithManifestClassPath(Path path, Set<Path> all) {
        if (!Files.exists(path) || !all.add(path) || !Files.isRegularFile(path)) {
            return;
        }
        Attributes attributes = Layout.attributes(path);
        String further = attributes == null ? null : attributes.getValue(Attributes.Name.CLASS_PATH);
        if (further == null) {
            return;
        }
        for (String relative : further.trim().split("\\s+")) {
            Path next = resolve(path, relative);
            if (next != null) {
                addWithManifestClassPath(next, all);
            }
        }
    }

    /**
     * Returns the file that a manifest names, relative to its jar; null if it is not a file. The JVM ignores such an
     * entry as well.
     */
    private static @Nullable Path resolve(Path jar, String relative) {
        try {
            URI uri = jar.toUri().resolve(new URI(relative));
            return "file".equals(uri.getScheme()) ? Path.of(uri).normalize() : null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    private static List<Path> classPathOf(Class<?> type) {
        if (Cluster.isWorker()) {
            throw new IllegalStateException("a worker opens no cluster; ask Cluster.isMaster() first");
        }
        ClassLoader loader = type.getClassLoader();
        if (loader == ClassLoader.getSystemClassLoader()) {
            return jvmClassPath();
        }
        if (loader instanceof URLClassLoader urls) {
            return filesOf(type, urls.getURLs());
        }
        throw new CorralException(type.getName() + " comes from " + loader
                + ", whose class path cannot be listed; use Program.classPath or Program.jar");
    }

    private static List<Path> jvmClassPath() {
        List<Path> paths = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            paths.add(Path.of(entry));
        }
        for (String entry : System.getProperty("jdk.module.path", "").split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                paths.addAll(modules(Path.of(entry)));
            }
        }
        return paths;
    }

    /**
     * Returns the jars and directories that an entry of the module path means: a jar, an exploded module, or a
     * directory of them.
     */
    private static List<Path> modules(Path entry) {
        if (!Files.isDirectory(entry) || Files.exists(entry.resolve("module-info.class"))) {
            return List.of(entry);
        }
        try (Stream<Path> children = Files.list(entry)) {
            return children.filter(path -> path.toString().endsWith(".jar") || Files.isDirectory(path)).sorted()
                    .toList();
        } catch (IOException e) {
            throw new CorralException("the module path entry " + entry + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Path> filesOf(Class<?> type, URL[] urls) {
        List<Path> paths = new ArrayList<>();
        for (URL url : urls) {
            try {
                if (!"file".equals(url.getProtocol())) {
                    throw new CorralException(type.getName() + " comes from a class path with " + url
                            + ", which is no file; use Program.classPath or Program.jar");
                }
                paths.add(Path.of(url.toURI()));
            } catch (URISyntaxException e) {
                throw new CorralException("the class path of " + type.getName() + " has the malformed entry " + url, e);
            }
        }
        return paths;
    }
}
