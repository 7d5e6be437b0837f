package dev.corral.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The temporary directory of this JVM, below {@code java.io.tmpdir}. Only the user of the JVM can enter it. It contains
 * numbered <em>places</em>, one for each copy of code. It is deleted when the JVM ends, if all places have been
 * deleted. Thread-safe.
 *
 * <p>A JVM that is killed leaves its directory behind. Therefore each JVM holds a lock on a file in its directory. When
 * a JVM creates its directory, it deletes the directories of others whose lock it can get: see {@link Leftovers}. The
 * operating system releases a lock when its process ends, whatever the reason.
 *
 * <p>Something else may delete the files while the JVM runs, such as a job that removes old temporary files.
 * {@link #restore} creates a place again.
 */
public final class TemporaryDirectory {
    /** The name of the file that is locked. */
    static final String LOCK = "corral.lock";
    /** The prefix of the name of each directory. The process number and its start time in milliseconds follow. */
    static final String PREFIX = "corral-";

    private static final FileAttribute<?>[] PRIVATE = FileSystems.getDefault().supportedFileAttributeViews()
            .contains("posix")
                    ? new FileAttribute<?>[]{
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                    : new FileAttribute<?>[0];
    /**
     * The largest number of directories that are given up because other JVMs lock or delete them at the same moment.
     */
    private static final int MOST_TRIES = 100;

    // All guarded by the class's monitor.
    private static @Nullable Path root;
    private static @Nullable UserPrincipal owner;
    /** The channel that holds the lock; null where the file system has no locks. */
    private static @Nullable FileChannel lock;
    private static long places;

    private TemporaryDirectory() {}

    /**
     * Returns the prefix of the names of all directories of this JVM, including those that another copy of this class
     * creates.
     */
    static String prefixOfThisJvm() {
        ProcessHandle process = ProcessHandle.current();
        long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return PREFIX + process.pid() + "-" + start + "-";
    }

    /**
     * Creates an empty directory for one copy. The caller must delete it.
     *
     * @param kind the prefix of its name; a number follows
     */
    public static synchronized Path newPlace(String kind) throws IOException {
        return Files.createDirectory(present().resolve(kind + places++), PRIVATE);
    }

    /** Creates a place again, if it was deleted. */
    public static synchronized void restore(Path place) throws IOException {
        if (!place.startsWith(present())) {
            throw new IOException(place + " is not in the temporary directory of this JVM");
        }
        Files.createDirectories(place, PRIVATE);
    }

    /** Returns the directory, which is created if it does not exist. */
    private static Path present() throws IOException {
        Path known = root;
        if (known == null) {
            return create();
        }
        if (!Files.isDirectory(known, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(known, PRIVATE); // fails where another user has taken the name
            hold(known);
        } else if (!Files.getOwner(known, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
            throw new IOException(known + " belongs to another user now");
        }
        return known;
    }

    private static Path create() throws IOException {
        String prefix = prefixOfThisJvm();
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Path made = Files.createTempDirectory(prefix);
            if (hold(made)) {
                made.toFile().deleteOnExit();
                made.resolve(LOCK).toFile().deleteOnExit(); // the file that is registered last is deleted first
                root = made;
                owner = Files.getOwner(made, LinkOption.NOFOLLOW_LINKS);
                Leftovers.deleteInBackground(made, owner);
                return made;
            }
        }
        throw new IOException("every directory that was created was deleted at once");
    }

    /**
     * Locks the directory. Returns false if another JVM took it for the directory of a dead one, between its creation
     * and the lock.
     */
    private static boolean hold(Path directory) throws IOException {
        Path file = directory.resolve(LOCK);
        FileChannel channel = null;
        boolean held = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            held = channel.tryLock() != null && Files.exists(file);
        } catch (IOException e) {
            // It was deleted, or the file system has no locks. A directory without the file is not taken for the one of a dead JVM.
            Files.deleteIfExists(file);
            return Files.exists(directory);
        } finally {
            if (channel != null && !held) {
                channel.close();
            }
        }
        if (held) {
            if (lock != null) {
                lock.close(); // its file has been deleted
            }
            lock = channel;
        }
        return held;
    }

    /** Deletes a file, or a directory with its content, as far as that is possible. Does not follow symbolic links. */
    public static void deleteTree(Path tree) {
        if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(tree)) {
                inside.forEach(TemporaryDirectory::deleteTree);
            } catch (IOException | DirectoryIteratorException e) {
                // another thread or process deletes it as well; otherwise the next JVM deletes it
            }
        }
        try {
            Files.deleteIfExists(tree);
        } catch (IOException e) {
            // the next JVM deletes it
        }
    }
}
