package dev.corral.redirect.cleanup;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.spi.FileSystemProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * File systems of zip files that are created for a URI. The JDK has one for each file, and refuses a second one. Here
 * each worker has its own, which the JDK does not list. Those that are still open are closed when the worker ends.
 */
@Documented(of = "`FileSystems.newFileSystem`, `Path.of` with a `jar:` URI",
        becomes = "its own file systems. They are closed when the worker ends, which writes what is not written yet")
public final class ZipFileSystems implements Redirect {
    private static final Log LOG = Log.get();
    private static final String SCHEME = "jar";
    /** Time in which all must be closed. An abandoned thread may hold the lock of one. */
    private static final long CLOSING_MILLIS = 5_000;

    /**
     * By the real path of the file; closed ones may be among them. Entries are added under {@link #making}. The thread
     * that ends the worker does not take that lock, because an abandoned thread may hold it.
     */
    private final Map<Path, FileSystem> open = new ConcurrentHashMap<>();
    private final Object making = new Object();

    /** The redirect of a worker without file systems yet. */
    public ZipFileSystems() {}

    /** The provider of zip file systems if this URI is for it; otherwise null. */
    private static @Nullable FileSystemProvider providerFor(URI uri) {
        if (SCHEME.equalsIgnoreCase(uri.getScheme())) {
            for (FileSystemProvider provider : FileSystemProvider.installedProviders()) {
                if (provider.getScheme().equalsIgnoreCase(SCHEME)) {
                    return provider;
                }
            }
        }
        return null;
    }

    @Replaces(type = FileSystems.class, method = "newFileSystem")
    FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
        return newFileSystem(uri, env, null);
    }

    @Replaces(type = FileSystems.class, method = "newFileSystem")
    FileSystem newFileSystem(URI uri, Map<String, ?> env, @Nullable ClassLoader loader) throws IOException {
        FileSystemProvider provider = providerFor(uri);
        return provider == null
                ? FileSystems.newFileSystem(uri, env, loader)
                : newFileSystem(provider, uri, env);
    }

    @Replaces(type = FileSystemProvider.class, method = "newFileSystem")
    FileSystem newFileSystem(FileSystemProvider provider, URI uri, Map<String, ?> env) throws IOException {
        if (provider != providerFor(uri)) {
            return provider.newFileSystem(uri, env);
        }
        Path file = fileOf(uri);
        synchronized (making) {
            if (Files.exists(file)) {
                FileSystem known = open.get(file.toRealPath());
                if (known != null && known.isOpen()) {
                    throw new FileSystemAlreadyExistsException();
                }
            }
            FileSystem made = provider.newFileSystem(file, env);
            open.put(file.toRealPath(), made);
            return made;
        }
    }

    @Replaces(type = FileSystems.class, method = "getFileSystem")
    FileSystem getFileSystem(URI uri) {
        return providerFor(uri) == null ? FileSystems.getFileSystem(uri) : known(uri);
    }

    @Replaces(type = FileSystemProvider.class, method = "getFileSystem")
    FileSystem getFileSystem(FileSystemProvider provider, URI uri) {
        return provider == providerFor(uri) ? known(uri) : provider.getFileSystem(uri);
    }

    private FileSystem known(URI uri) {
        try {
            FileSystem known = open.get(fileOf(uri).toRealPath());
            if (known != null && known.isOpen()) {
                return known;
            }
        } catch (IOException _) {
            // there is no such file, so there is no such file system
        }
        throw new FileSystemNotFoundException();
    }

    @Replaces(type = Path.class, method = "of")
    Path of(URI uri) {
        return providerFor(uri) == null ? Path.of(uri) : inside(uri);
    }

    @Replaces(type = Paths.class, method = "get")
    Path get(URI uri) {
        return of(uri);
    }

    @Replaces(type = FileSystemProvider.class, method = "getPath")
    Path getPath(FileSystemProvider provider, URI uri) {
        return provider == providerFor(uri) ? inside(uri) : provider.getPath(uri);
    }

    private Path inside(URI uri) {
        String path = uri.getSchemeSpecificPart();
        int end = path.indexOf("!/");
        if (end < 0) {
            throw new IllegalArgumentException(
                    "URI: " + uri + " does not contain path info ex. jar:file:/c:/foo.zip!/BAR");
        }
        return known(uri).getPath(path.substring(end + 1));
    }

    private Path fileOf(URI uri) {
        String file = uri.getRawSchemeSpecificPart();
        int end = file.indexOf("!/");
        try {
            return of(new URI(end < 0 ? file : file.substring(0, end))).toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        List<FileSystem> all = open.values().stream().filter(FileSystem::isOpen).toList();
        open.clear();
        if (all.isEmpty()) {
            return;
        }
        Thread closing =
                ServiceThreads.builder().name("corral-zip-closing").start(() -> all.forEach(ZipFileSystems::close));
        try {
            if (!closing.join(Duration.ofMillis(CLOSING_MILLIS))) {
                LOG.log(Level.WARNING, "file systems of zip files are not closed after {0} ms", CLOSING_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(FileSystem system) {
        try {
            system.close();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "closing a file system of a zip file", e);
        }
    }
}
