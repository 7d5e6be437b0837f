package dev.corral.program;

import dev.corral.CorralException;
import dev.corral.files.TemporaryDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Private copies of the jars and directories of programs, in the {@link TemporaryDirectory} of this JVM. A copy is
 * deleted when no program refers to it any more.
 *
 * <p>A file is not copied again if its path, size, time and file key are those of a file that is copied already. The
 * same holds for a directory if it does for all files in it.
 */
final class SnapshotStore {
    private static final Cleaner CLEANER = Cleaner.create();
    /** The places by the state of their originals. Guarded by its own monitor. */
    private static final Map<FileState, WeakReference<CopiedPlace>> COPIES = new HashMap<>();

    private SnapshotStore() {}

    /** One copied jar or directory. It keeps its place reachable, and so on disk. */
    static final class Copy {
        private final CopiedPlace place;
        private final Path origin;
        private final Path path;
        /** The whole hash in hexadecimal; null before the first use. Two threads may both compute it. */
        private volatile @Nullable String hash;

        private Copy(CopiedPlace place, Path origin, Path path) {
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

        /** Creates the copy again if it has been deleted. */
        void restore() {
            place.restore();
        }

        /**
         * Reads a resource; null if it does not exist. In a multi-release jar this is the version for the running JVM.
         */
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
                restore();
                known = hashOf(path);
                hash = known;
            }
            return known;
        }
    }

    /** Copies the jar or directory, unless there is a copy already. A jar that contains jars becomes several copies. */
    static List<Copy> copy(Path origin) {
        try {
            Path real = origin.toRealPath();
            FileState state = FileState.of(real);
            synchronized (COPIES) {
                COPIES.values().removeIf(reference -> reference.get() == null);
                WeakReference<CopiedPlace> reference = COPIES.get(state);
                CopiedPlace place = reference == null ? null : reference.get();
                if (place == null) {
                    place = copyNow(real);
                    COPIES.put(state, new WeakReference<>(place));
                } else {
                    place.restore();
                }
                return place.copies;
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CorralException(origin + " cannot be copied: " + e, e);
        }
    }

    /**
     * Creates the copies of one original. The origin of the classes is the original; the origin of a library inside it
     * is the library's copy.
     */
    private static CopiedPlace copyNow(Path real) throws IOException {
        Path directory = TemporaryDirectory.newPlace("");
        directory.toFile().deleteOnExit();
        var place = new CopiedPlace(real, directory);
        CLEANER.register(place, () -> TemporaryDirectory.deleteTree(directory));
        List<Copy> copies = new ArrayList<>();
        for (Path path : place.copyNow()) {
            copies.add(new Copy(place, copies.isEmpty() ? real : path, path));
        }
        place.copies = List.copyOf(copies);
        return place;
    }

    /** Returns the first 12 hexadecimal digits of the SHA-256 over the hashes of all copies, in this order. */
    static String fingerprint(List<Copy> copies) {
        MessageDigest all = sha256();
        copies.forEach(copy -> all.update(copy.hash().getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(all.digest()).substring(0, 12);
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
}
