package dev.corral.redirect.foreign;

import static java.util.Objects.requireNonNull;

import dev.corral.files.TemporaryDirectory;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One worker's copies of native libraries, each in its own directory below the {@link TemporaryDirectory} of the JVM.
 * They are deleted by {@link #delete}, or when the JVM ends. An operating system that does not delete a loaded file
 * deletes it later, or never. Thread-safe.
 */
final class LibraryCopies {
    private static final Log LOG = Log.get();
    /** The directories of all workers that exist now. Deleted when the JVM ends. */
    private static final Set<Path> DIRECTORIES = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(ServiceThreads.builder().name("corral-natives")
                .unstarted(() -> DIRECTORIES.forEach(TemporaryDirectory::deleteTree)));
    }

    /**
     * By canonical path, by which the JDK distinguishes libraries; null after {@link #delete}. Guarded by the monitor,
     * like the next.
     */
    private @Nullable Map<String, Copy> copies = new HashMap<>();
    private @Nullable Path directory;

    /**
     * A copy of a library.
     *
     * @param original canonical path of the original
     * @param file path of the copy
     */
    record Copy(String original, String file) {
        /**
         * Adds links to the libraries in the original's directory to the copy's directory. All workers share these.
         * Returns false if there are none.
         */
        boolean addNeighbours() {
            Path place = Path.of(file).getParent();
            Path from = Path.of(original).getParent();
            boolean any = false;
            if (place != null && from != null) {
                try (DirectoryStream<Path> neighbours = Files.newDirectoryStream(from, "*.{so,so.*,dylib,dll}")) {
                    for (Path neighbour : neighbours) {
                        Path link = place.resolve(from.relativize(neighbour));
                        if (Files.notExists(link)) {
                            Files.createSymbolicLink(link, neighbour);
                            any = true;
                        }
                    }
                } catch (IOException | UnsupportedOperationException e) {
                    LOG.log(Level.DEBUG, "libraries beside {0} are not visible to its copy: {1}", original, e);
                }
            }
            return any;
        }
    }

    /** The copy of this file, which the first call creates. */
    synchronized Copy of(File file) throws IOException {
        Map<String, Copy> made = copies;
        if (made == null) {
            throw new IOException("the worker has ended");
        }
        String original = file.getCanonicalPath();
        Copy known = made.get(original);
        if (known != null) {
            copyAgain(known);
            return known;
        }
        Path own = directory;
        if (own == null) {
            own = TemporaryDirectory.newPlace("natives-");
            directory = own;
            DIRECTORIES.add(own);
        }
        Path target = own.resolve(Integer.toString(made.size())).resolve(new File(original).getName());
        copy(Path.of(original), target);
        var copy = new Copy(original, target.toFile().getCanonicalPath());
        made.put(original, copy);
        return copy;
    }

    private void copy(Path original, Path target) throws IOException {
        TemporaryDirectory.restore(requireNonNull(target.getParent()));
        Files.copy(original, target);
    }

    /**
     * Creates a copy again that was deleted. If the program has deleted the original as well, the JDK reports what is
     * missing.
     */
    private void copyAgain(Copy known) throws IOException {
        Path original = Path.of(known.original());
        if (Files.notExists(Path.of(known.file())) && Files.exists(original)) {
            copy(original, Path.of(known.file()));
        }
    }

    /** Deletes all copies. None can be created after this call. */
    synchronized void delete() {
        copies = null;
        if (directory != null) {
            TemporaryDirectory.deleteTree(directory);
            DIRECTORIES.remove(directory);
        }
    }
}
