package dev.corral.isolate;

import static java.util.Objects.requireNonNull;

import dev.corral.CorralException;
import dev.corral.Program;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads the snapshot of a program. Its jars are opened once for all workers, and stay open until this object is
 * collected. Files of the snapshot that were deleted are created again when they are read. Thread-safe.
 */
final class ClassPath {
    private final List<Place> places;

    ClassPath(Program program) {
        this.places = program.classPath().stream().map(entry -> Place.of(entry, program)).toList();
    }

    /** A resource, and the place where it was found. */
    record Found(Place place, String name) {
        byte[] read() {
            return place.read(name);
        }

        URL url() {
            return place.url(name);
        }

        /** Opens the resource, without the JVM's cache of jars that are opened by their URL. */
        InputStream open() throws IOException {
            return place.open(name);
        }
    }

    /** Returns the resource in the first place that has it; null if none has it. */
    @Nullable
    Found find(String name) {
        for (Place place : places) {
            if (place.has(name)) {
                return new Found(place, name);
            }
        }
        return null;
    }

    /** Returns the resource in all places that have it, in order. */
    List<Found> findAll(String name) {
        List<Found> all = new ArrayList<>();
        for (Place place : places) {
            if (place.has(name)) {
                all.add(new Found(place, name));
            }
        }
        return all;
    }

    /**
     * Visits all files; of a multi-release jar, the files for this version of Java. If several places have a file of
     * the same name, only the first one is visited.
     */
    void forEach(Consumer<Found> consumer) {
        Set<String> seen = new HashSet<>();
        for (Place place : places) {
            for (String name : place.names()) {
                if (seen.add(name)) {
                    consumer.accept(new Found(place, name));
                }
            }
        }
    }

    /** A jar or a directory of the snapshot. */
    abstract static sealed class Place {
        /**
         * The source that {@code getCodeSource} returns: the original of the code. It has no signers, because woven
         * code has no valid signature.
         */
        final CodeSource source;
        private final Program program;

        Place(Path origin, Program program) {
            this.source = new CodeSource(urlOf(origin), (CodeSigner[]) null);
            this.program = program;
        }

        static Place of(Program.Entry entry, Program program) {
            try {
                return Files.isDirectory(entry.copy())
                        ? new Directory(entry, program)
                        : new Jar(entry, program,
                                new JarFile(entry.copy().toFile(), false, ZipFile.OPEN_READ, Runtime.version()));
            } catch (IOException e) {
                throw new CorralException(entry.origin() + " cannot be read as a jar: " + e.getMessage(), e);
            }
        }

        abstract boolean has(String name);

        abstract byte[] read(String name);

        abstract InputStream open(String name) throws IOException;

        abstract URL url(String name);

        abstract @Nullable Manifest manifest();

        abstract List<String> names();

        /**
         * Creates a deleted file of the snapshot again.
         *
         * @throws CorralException if this file cannot be created; other files do not matter
         */
        final void restore(Path file) {
            try {
                var _ = program.classPath();
            } catch (CorralException e) {
                if (!Files.exists(file)) {
                    throw e;
                }
            }
        }

        static URL urlOf(Path path) {
            try {
                return path.toUri().toURL();
            } catch (MalformedURLException e) {
                throw new AssertionError("a file has a URL", e);
            }
        }
    }

    private static final class Jar extends Place {
        private final JarFile file;
        private final Path copy;
        private final URI base;
        private final @Nullable Manifest manifest;

        Jar(Program.Entry entry, Program program, JarFile file) throws IOException {
            super(entry.origin(), program);
            this.file = file;
            this.copy = entry.copy();
            this.base = entry.copy().toUri();
            this.manifest = file.getManifest();
        }

        @Override
        boolean has(String name) {
            return file.getEntry(name) != null;
        }

        @Override
        byte[] read(String name) {
            ZipEntry entry = file.getJarEntry(name);
            try (var in = file.getInputStream(entry)) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new CorralException(name + " in " + source.getLocation() + " cannot be read: " + e.getMessage(),
                        e);
            }
        }

        @Override
        InputStream open(String name) throws IOException {
            return file.getInputStream(file.getJarEntry(name));
        }

        @Override
        URL url(String name) {
            if (!Files.exists(copy)) { // the receiver of the URL opens the jar by its path
                restore(copy);
            }
            JarEntry entry = file.getJarEntry(name); // the versioned one, in a multi-release jar
            try {
                String path = new URI(null, null, "/" + entry.getRealName(), null).getRawPath();
                return URI.create("jar:" + base + "!" + path).toURL();
            } catch (URISyntaxException | MalformedURLException e) {
                throw new AssertionError("an entry of a jar has a URL: " + name, e);
            }
        }

        @Override
        @Nullable
        Manifest manifest() {
            return manifest;
        }

        @Override
        List<String> names() {
            return file.versionedStream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();
        }
    }

    private static final class Directory extends Place {
        private final Path root;
        /** All files and directories of the snapshot, which distinguish a deleted file from one that never existed. */
        private final Set<Path> copied;

        Directory(Program.Entry entry, Program program) throws IOException {
            super(entry.origin(), program);
            this.root = entry.copy();
            try (Stream<Path> files = Files.walk(root)) {
                this.copied = files.collect(Collectors.toSet());
            }
        }

        /** Returns the file of a resource; null if there is none, or if the name leads out of the directory. */
        private @Nullable Path file(String name) {
            try {
                Path file = name.startsWith("/") ? root.getRoot() : root.resolve(name).normalize();
                if (!Files.exists(file) && copied.contains(file)) {
                    restore(file);
                }
                return file.startsWith(root) && Files.exists(file) ? file : null;
            } catch (InvalidPathException e) {
                return null;
            }
        }

        private Path found(String name) {
            return requireNonNull(file(name), name);
        }

        @Override
        boolean has(String name) {
            return file(name) != null;
        }

        @Override
        byte[] read(String name) {
            try {
                return Files.readAllBytes(found(name));
            } catch (IOException e) {
                throw new CorralException(name + " in " + source.getLocation() + " cannot be read: " + e, e);
            }
        }

        @Override
        InputStream open(String name) throws IOException {
            Path file = found(name);
            return Files.isDirectory(file) ? urlOf(file).openStream() : Files.newInputStream(file);
        }

        @Override
        URL url(String name) {
            return urlOf(found(name));
        }

        @Override
        @Nullable
        Manifest manifest() {
            return null;
        }

        @Override
        List<String> names() {
            try (Stream<Path> files = Files.walk(root)) {
                return files.filter(Files::isRegularFile)
                        .map(path -> root.relativize(path).toString().replace(File.separatorChar, '/')).toList();
            } catch (IOException e) {
                throw new CorralException(source.getLocation() + " cannot be read: " + e, e);
            }
        }
    }
}
