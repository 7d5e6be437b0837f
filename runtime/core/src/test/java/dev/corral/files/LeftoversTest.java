package dev.corral.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directories are taken for those of a JVM that was killed. */
class LeftoversTest {
    /** No process has that number: Linux has none above four million. */
    private static final String DEAD = "corral-2000000000-1000-1";

    @TempDir
    private Path temporary;
    private Path own;

    @BeforeEach
    void createOwn() throws IOException {
        own = Files.createDirectory(temporary.resolve(TemporaryDirectory.prefixOfThisJvm() + "1"));
    }

    private Path directory(String name, boolean withLock) throws IOException {
        Path directory = Files.createDirectory(temporary.resolve(name));
        Files.writeString(Files.createDirectories(directory.resolve("0/inside")).resolve("file"), "text");
        if (withLock) {
            Files.createFile(directory.resolve(TemporaryDirectory.LOCK));
        }
        return directory;
    }

    private void delete() throws IOException {
        Leftovers.deleteAll(own, Files.getOwner(own));
    }

    @Test
    void shouldDeleteWhatNobodyHasLocked() throws IOException {
        Path dead = directory(DEAD, true);
        delete();
        assertTrue(Files.notExists(dead) && Files.exists(own));
    }

    @Test
    void shouldKeepWhatIsLocked() throws IOException {
        Path live = directory(DEAD, true);
        try (FileChannel channel = FileChannel.open(live.resolve(TemporaryDirectory.LOCK), StandardOpenOption.WRITE)) {
            assertTrue(channel.tryLock() != null);
            delete();
            assertTrue(Files.exists(live.resolve("0/inside/file")));
        }
    }

    /** The lock is lost as soon as other code of the process closes the file. */
    @Test
    void shouldKeepThatOfAProcessThatLives() throws IOException {
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        Path live = directory(
                "corral-" + parent.pid() + "-" + parent.info().startInstant().orElseThrow().toEpochMilli() + "-1",
                true);
        Path reused = directory("corral-" + parent.pid() + "-1000-1", true);
        delete();
        assertTrue(Files.exists(live) && Files.notExists(reused));
    }

    @Test
    void shouldKeepWhatIsNoDirectoryOfCorral() throws IOException {
        Path withoutLock = directory(DEAD, false);
        Path otherName = directory("corral-notes", true);
        Path other = directory("other", true);
        Path link = Files.createSymbolicLink(temporary.resolve("corral-2000000000-1000-2"), other);
        delete();
        for (Path kept : new Path[]{withoutLock, otherName, other, own}) {
            assertTrue(Files.exists(kept), kept.toString());
        }
        assertTrue(Files.isSymbolicLink(link) && Files.exists(other.resolve("0/inside/file")));
    }

    @Test
    void shouldFollowNoLinkOutOfADirectory() throws IOException {
        Path other = directory("other", false);
        Path dead = directory(DEAD, true);
        Files.createSymbolicLink(dead.resolve("0/link"), other);
        delete();
        assertTrue(Files.notExists(dead, LinkOption.NOFOLLOW_LINKS) && Files.exists(other.resolve("0/inside/file")));
    }

    /** Its JVM creates another one, should it live. */
    @Test
    void shouldDeleteAnEmptyDirectory() throws IOException {
        Path empty = Files.createDirectory(temporary.resolve(DEAD));
        delete();
        assertEquals(false, Files.exists(empty));
    }
}
