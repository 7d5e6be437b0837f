package dev.corral.redirect;

import dev.corral.queue.Log;
import dev.corral.queue.ServiceThreads;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The copies of native libraries of one worker, each in a directory of its own below a temporary one of the JVM. Deleted with
 * {@link #delete}, or when the JVM ends; operating systems that keep a loaded file delete it then, or never. Thread-safe.
 */
final class LibraryCopies {
    private static final Log LOG = Log.get();
    /** Of the JVM. Guarded by the class's monitor. */
    private static @Nullable Path root;

    /** Null once deleted. By canonical path, as the JDK tells libraries apart. Guarded by the monitor, like the next. */
    private @Nullable Map<String, Copy> copies = new HashMap<>();
    private @Nullable Path directory;

    /**
     * A copy.
     *
     * @param original canonical path of the copied file
     * @param file its path
     */
    record Copy(String original, String file) {
        /** Makes the libraries beside the original appear beside the copy; they are common to all. False if there are none. */
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

    /** The copy of this file, made at the first call. */
    synchronized Copy of(File file) throws IOException {
        Map<String, Copy> made = copies;
        if (made == null) {
            throw new IOException("the worker has ended");
        }
        String original = file.getCanonicalPath();
        Copy known = made.get(original);
        if (known != null) {
            return known;
        }
        Path own = directory;
        if (own == null) {
            own = Files.createTempDirectory(root(), "");
            directory = own;
        }
        Path place = Files.createDirectory(own.resolve(Integer.toString(made.size())));
        Path target = place.resolve(new File(original).getName());
        Files.copy(Path.of(original), target);
        var copy = new Copy(original, target.toFile().getCanonicalPath());
        made.put(original, copy);
        return copy;
    }

    private static synchronized Path root() throws IOException {
        Path known = root;
        if (known == null || !Files.isDirectory(known)) {
            Path made = Files.createTempDirectory("corral-natives-" + ProcessHandle.current().pid() + "-");
            Runtime.getRuntime()
                    .addShutdownHook(ServiceThreads.builder().name("corral-natives").unstarted(() -> deleteTree(made)));
            root = made;
            return made;
        }
        return known;
    }

    /** Deletes all; no more are made. */
    synchronized void delete() {
        copies = null;
        if (directory != null) {
            deleteTree(directory);
        }
    }

    /** What another thread deletes meanwhile, as at the end of the JVM, keeps it from nothing. Follows no links. */
    private static void deleteTree(Path tree) {
        if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(tree)) {
                inside.forEach(LibraryCopies::deleteTree);
            } catch (IOException | DirectoryIteratorException e) {
                LOG.log(Level.DEBUG, "copies of native libraries in {0} were not deleted: {1}", tree, e);
            }
        }
        try {
            Files.deleteIfExists(tree);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0} was not deleted: {1}", tree, e);
        }
    }
}
