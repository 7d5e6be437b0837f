package dev.corral.files;

import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Deletes temporary directories of JVMs that have ended and could not delete them.
 *
 * <p>A directory is deleted if it belongs to the same user, no process holds the lock of its file, and no process has
 * the process number and the start time in its name. The lock is necessary because containers may share the directory,
 * and each has its own process numbers. The number is necessary because a JVM may lose its lock: POSIX releases a lock
 * when any code of the process opens and closes the locked file. A directory without the file is left alone unless it
 * is empty: a JVM may be creating it at this moment, or another job may be deleting old files.
 */
final class Leftovers {
    private static final Log LOG = Log.get();
    private static final Pattern NAME = Pattern.compile(TemporaryDirectory.PREFIX + "(\\d+)-(\\d+)-\\d+");
    /** The largest difference between the start times that two JVMs determine for the same process. */
    private static final Duration CLOCKS = Duration.ofSeconds(10);

    private Leftovers() {}

    /** Deletes the directories on another thread, because there may be gigabytes. Returns at once. */
    static void deleteInBackground(Path own, UserPrincipal owner) {
        try {
            ServiceThreads.builder().name("corral-leftovers").start(() -> deleteAll(own, owner));
        } catch (OutOfMemoryError e) { // no thread is available; the next JVM deletes them
            LOG.log(Level.DEBUG, "temporary directories of ended JVMs are not deleted", e);
        }
    }

    /** Deletes the directories beside {@code own}, which is the directory of this JVM. */
    static void deleteAll(Path own, UserPrincipal owner) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(own.resolveSibling(""), TemporaryDirectory.PREFIX
                + "*")) {
            for (Path each : all) {
                if (mayBeLeft(each, owner)) {
                    deleteUnlessLocked(each);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.log(Level.DEBUG, "temporary directories of ended JVMs are not deleted", e);
        }
    }

    /**
     * Returns whether the directory may belong to an ended JVM. A lock file of this JVM must not even be opened,
     * because closing it again would release the lock.
     */
    private static boolean mayBeLeft(Path directory, UserPrincipal owner) {
        String file = directory.getFileName().toString();
        Matcher name = NAME.matcher(file);
        return name.matches() && !file.startsWith(TemporaryDirectory.prefixOfThisJvm())
                && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && belongsTo(directory, owner)
                && !isAlive(name.group(1), name.group(2));
    }

    private static boolean belongsTo(Path directory, UserPrincipal owner) {
        try {
            return Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(owner);
        } catch (IOException e) { // it has been deleted
            return false;
        }
    }

    private static boolean isAlive(String pid, String start) {
        try {
            Instant started = Instant.ofEpochMilli(Long.parseLong(start));
            return ProcessHandle.of(Long.parseLong(pid)).flatMap(process -> process.info().startInstant())
                    .filter(other -> Duration.between(started, other).abs().compareTo(CLOCKS) < 0).isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static void deleteUnlessLocked(Path directory) {
        Path file = directory.resolve(TemporaryDirectory.LOCK);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.tryLock() == null) {
                return;
            }
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(directory)) {
                for (Path each : inside) {
                    if (!each.equals(file)) { // deleted last, so that the next JVM continues if this one ends early
                        TemporaryDirectory.deleteTree(each);
                    }
                }
            }
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        } catch (NoSuchFileException e) {
            deleteIfEmpty(directory);
        } catch (IOException | DirectoryIteratorException | OverlappingFileLockException e) {
            LOG.log(Level.DEBUG, () -> directory + " is not deleted", e);
        }
    }

    private static void deleteIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> directory + " is not deleted", e);
        }
    }
}
