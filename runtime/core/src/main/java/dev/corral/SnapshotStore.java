package dev.corral;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Private copies of the jars and directories that programs are made of, in one temporary directory of this JVM. A copy goes
 * when no program refers to it any more, the directory with the JVM.
 *
 * <p>A file that has the same path, size, time and file key as one that is copied already is not copied again; nor is
 * a directory whose files all have.
 */
final class SnapshotStore {
    private static final Cleaner CLEANER = Cleaner.create();
    /** Guarded by its monitor. */
    private static final Map<Key, WeakReference<Place>> COPIES = new HashMap<>();

    private static @Nullable Path directory;
    private static long copied;

    private SnapshotStore() {}

    /** What tells one state of a file, or of a tree of files, from another. */
    private record Key(Path path, long size, long modifiedNanos, String fileKeys) {
        static Key of(Path real) throws IOException {
            if (!Files.isDirectory(real)) {
                return ofFile(real);
            }
            long size = 0;
            long modifiedNanos = 0;
            var files = new StringBuilder();
            try (Stream<Path> tree = Files.walk(real)) {
                for (Path path : tree.sorted().toList()) {
                    Key key = ofFile(path);
                    size += key.size;
                    modifiedNanos = modifiedNanos * 31 + key.modifiedNanos;
                    files.append(path).append(key.fileKeys);
                }
            }
            return new Key(real, size, modifiedNanos, files.toString());
        }

        private static Key ofFile(Path path) throws IOException {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Key(path, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    String.valueOf(attributes.fileKey()));
        }
    }

    /** A directory of the store, with the copies of one jar or directory; there are several of a jar with jars in it. */
    private static final class Place {
        private List<Copy> copies = List.of();
    }

    /** One copied jar or directory. Keeps its place. */
    static final class Copy {
        @SuppressWarnings("unused")
        private final Place place;
        private final Path origin;
        private final Path path;
        /** Hex of the whole hash; computed at the first use, the same whoever computes it. */
        private volatile @Nullable String hash;

        private Copy(Place place, Path origin, Path path) {
            this.place = place;
            this.origin = origin;
            this.path = path;
        }

        Path origin() {
            return origin;
        }

        Path path() {
            return path;
        }

        /** The bytes of a resource, of the version for this JVM in a multi-release jar; null if it is not there. */
        byte @Nullable [] read(String resource) {
            try {
                if (Files.isDirectory(path)) {
                    Path file = path.resolve(resource);
                    return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
                }
                try (var jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version())) {
                    ZipEntry entry = jar.getEntry(resource);
                    return entry == null ? null : jar.getInputStream(entry).readAllBytes();
                }
            } catch (IOException e) {
                throw new CorralException(resource + " in " + origin + " cannot be read: " + e, e);
            }
        }

        private String hash() {
            String known = hash;
            if (known == null) {
                known = hashOf(path);
                hash = known;
            }
            return known;
        }
    }

    /** Copies the jar or directory, or finds the copy that is there already. A jar with jars in it becomes several. */
    static List<Copy> copy(Path origin) {
        try {
            Path real = origin.toRealPath();
            Key key = Key.of(real);
            synchronized (COPIES) {
                COPIES.values().removeIf(reference -> reference.get() == null);
                WeakReference<Place> reference = COPIES.get(key);
                Place place = reference == null ? null : reference.get();
                if (place == null) {
                    place = copyNow(real);
                    COPIES.put(key, new WeakReference<>(place));
                }
                return place.copies;
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CorralException(origin + " cannot be copied: " + e, e);
        }
    }

    /** First 12 hex digits of the SHA-256 over the hashes of all of them, in this order. */
    static String fingerprint(List<Copy> copies) {
        MessageDigest all = sha256();
        copies.forEach(copy -> all.update(copy.hash().getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(all.digest()).substring(0, 12);
    }

    private static Place copyNow(Path real) throws IOException {
        var place = new Place();
        Path directory = newPlace();
        CLEANER.register(place, () -> deleteTree(directory));
        Path target = directory.resolve(real.getFileName() == null ? "root" : real.getFileName().toString());
        if (Files.isDirectory(real)) {
            Files.walkFileTree(real, new TreeCopier(real, target));
            place.copies = List.of(new Copy(place, real, target));
            return place;
        }
        Files.copy(real, target, StandardCopyOption.COPY_ATTRIBUTES);
        target.toFile().deleteOnExit();
        List<Path> nested = NestedJars.unpack(target, directory);
        place.copies = nested == null ? List.of(new Copy(place, real, target)) : ofNested(place, real, nested);
        if (nested != null) {
            Files.delete(target);
            deleteTreeOnExit(directory);
        }
        return place;
    }

    /** The classes come from the jar itself; libraries that are inside of it have no other place than their copy. */
    private static List<Copy> ofNested(Place place, Path real, List<Path> nested) {
        List<Copy> copies = new ArrayList<>();
        for (Path path : nested) {
            copies.add(new Copy(place, copies.isEmpty() ? real : path, path));
        }
        return List.copyOf(copies);
    }

    private static void deleteTreeOnExit(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            tree.forEach(path -> path.toFile().deleteOnExit()); // in this order: what is registered last goes first
        }
    }

    private static Path newPlace() throws IOException {
        synchronized (SnapshotStore.class) {
            if (directory == null || !Files.isDirectory(directory)) {
                directory = Files.createTempDirectory("corral-" + ProcessHandle.current().pid() + "-");
                directory.toFile().deleteOnExit();
            }
            Path place = Files.createDirectory(directory.resolve(Long.toString(copied++)));
            place.toFile().deleteOnExit();
            return place;
        }
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            Implementation.logFailure("the copy in " + root + " was not deleted", e);
        }
    }

    private static String hashOf(Path root) {
        MessageDigest digest = sha256();
        try (Stream<Path> tree = Files.walk(root)) {
            byte[] buffer = new byte[1 << 16];
            for (Path path : tree.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(root.relativize(path).toString().getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(path)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        digest.update(buffer, 0, n);
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CorralException("the snapshot in " + root + " cannot be read: " + e, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Copies a tree; follows no link out of it. */
    private static final class TreeCopier extends SimpleFileVisitor<Path> {
        private final Path source;
        private final Path target;

        TreeCopier(Path source, Path target) {
            this.source = source;
            this.target = target;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            Path copy = Files.createDirectories(target.resolve(source.relativize(directory).toString()));
            copy.toFile().deleteOnExit();
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path copy = target.resolve(source.relativize(file).toString());
            Files.copy(file, copy);
            copy.toFile().deleteOnExit();
            return FileVisitResult.CONTINUE;
        }
    }
}
