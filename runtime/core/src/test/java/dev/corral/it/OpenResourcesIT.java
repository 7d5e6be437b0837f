package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.testing.Harness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import programs.LeavesOpen;
import programs.LocksFile;

/** What a worker has open at its end, and its locks, which end with it as those of a process do. */
class OpenResourcesIT {
    @TempDir
    private Path directory;

    /** What the descriptors of this JVM refer to. */
    private static List<String> descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.map(OpenResourcesIT::target).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private static long count(String kind) throws IOException {
        return descriptors().stream().filter(target -> target.contains(kind)).count();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldCloseWhatAWorkerHasLeftOpen() throws Exception {
        try (var it = new Harness(Harness.program(LeavesOpen.class.getSimpleName(), directory.toString()),
                config -> config.withWorkers(0).withRestart(RestartPolicy.NEVER))) {
            it.cluster.fork();
            it.awaitExit(1); // the first worker opens what the JVM keeps
            long inotify = count("inotify");
            long pipes = count("pipe:");
            long polls = count("eventpoll");
            it.cluster.fork();
            assertEquals(3, it.awaitExit(2).code(), it.lines.toString());
            assertEquals(List.of("open 19"), it.linesOf(2));
            assertEquals(List.of(),
                    descriptors().stream().filter(target -> target.startsWith(directory.toString())).toList());
            assertEquals(List.of(inotify, pipes, polls), List.of(count("inotify"), count("pipe:"), count("eventpoll")));
        }
    }

    /** Code that workers share opens files for all of them. */
    @Test
    void shouldLeaveOpenWhatSharedCodeHasOpened() throws Exception {
        Path file = Files.writeString(directory.resolve("shared"), "ab");
        try (var it = new Harness(
                Harness.program("ReadsSharedFile", file.toString()).withShared("programs.common"),
                config -> config.withWorkers(0).withRestart(RestartPolicy.NEVER))) {
            it.cluster.fork();
            assertEquals(0, it.awaitExit(1).code());
            it.cluster.fork();
            assertEquals(0, it.awaitExit(2).code(), it.lines.toString());
            assertEquals(List.of("read a", "read b"), List.of(it.linesOf(1).getFirst(), it.linesOf(2).getFirst()));
        }
    }

    private Harness locking() {
        return new Harness(Harness.program(LocksFile.class.getSimpleName(), directory.resolve("locked").toString()),
                config -> config.withWorkers(2).withRestart(RestartPolicy.NEVER));
    }

    private static String tell(Worker worker, String what) throws Exception {
        return worker.ask(what, String.class, Harness.LONG);
    }

    @Test
    void shouldLockBetweenWorkersAsBetweenProcesses() throws Exception {
        try (var it = locking()) {
            it.awaitReady(2);
            Worker first = it.worker(1);
            Worker second = it.worker(2);
            assertEquals("lock", tell(first, "try"));
            assertEquals("overlaps", tell(first, "try"));
            assertEquals("none", tell(second, "try"));
            assertEquals("lock", tell(second, "try other"));
            assertEquals("none", tell(first, "try other"));
            assertEquals("none", tell(first, "release"));
            assertEquals("lock", tell(second, "try second"));
            assertEquals("lock", tell(first, "try first"));
            assertEquals("none", tell(first, "try second"));
            assertEquals("overlaps", tell(first, "try first"));
        }
    }

    @Test
    void shouldLetAWorkerWaitForTheLockOfOneThatEnds() throws Exception {
        try (var it = locking()) {
            it.awaitReady(2);
            assertEquals("lock", tell(it.worker(1), "try"));
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return tell(it.worker(2), "wait");
                } catch (Exception e) {
                    throw new UncheckedIOException(new IOException(e));
                }
            });
            assertEquals("overlaps", tell(it.worker(1), "try"));
            assertFalse(waiting.isDone());
            it.worker(1).kill();
            assertEquals("lock", waiting.get());
        }
    }

    @Test
    void shouldEndAWorkerThatWaitsForALock() throws Exception {
        try (var it = locking()) {
            it.awaitReady(2);
            assertEquals("lock", tell(it.worker(1), "try"));
            it.worker(2).send("wait");
            it.worker(2).kill();
            assertEquals(List.of(), it.awaitExit(2).abandonedThreads());
        }
    }
}
