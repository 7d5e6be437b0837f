package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.OutputSink;
import dev.corral.RestartPolicy.When;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.testing.Harness;
import java.io.FileDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What workers print in whatever way, and what becomes of it at their end. */
class OutputIT {
    private static List<String> printed(Harness it, int worker, String stream) {
        String prefix = worker + " " + stream + " ";
        return it.lines.stream().filter(line -> line.startsWith(prefix)).map(line -> line.substring(prefix.length()))
                .toList();
    }

    private static Harness run(String... args) throws InterruptedException {
        var it = new Harness(Harness.program("Printing", args),
                config -> config.withWorkers(2).withRestart(RestartPolicy.DEFAULT.withWhen(When.ON_FAILURE)));
        assertFalse(it.cluster.awaitClosed());
        await().until(() -> it.exits().size() == 2);
        assertTrue(it.exits().stream().allMatch(exit -> exit.code() == 0), it.exits().toString());
        return it;
    }

    @Test
    void shouldMakeLinesOfWhatGoesToADescriptorAndCloseNothing() throws Exception {
        try (var it = run("descriptor")) {
            for (int worker = 1; worker <= 2; worker++) {
                assertEquals(
                        List.of("1 System.out", "2 a stream of the descriptor", "3 System.out, after that was closed",
                                "4 a writer, in two pieces", "5 a channel", "6 without an end"),
                        printed(it, worker, "O"));
                assertEquals(List.of("1 the other descriptor", "2 without an end"), printed(it, worker, "E"));
            }
            assertTrue(FileDescriptor.out.valid() && FileDescriptor.err.valid());
        }
    }

    @Test
    void shouldGiveTheDescriptorToReflectionToo() throws Exception {
        try (var it = run("reflection", "0")) {
            for (int worker = 1; worker <= 2; worker++) {
                assertEquals(List.of("descriptor 1", "descriptor 2", "descriptor 3"), printed(it, worker, "O"));
            }
        }
    }

    @Test
    void shouldKeepTheOrderOfBothWaysAndLoseNothingAtAnExit() throws Exception {
        try (var it = run("much", "0")) {
            for (int worker = 1; worker <= 2; worker++) {
                assertEquals(IntStream.range(0, 3000).mapToObj(i -> i + " " + "-".repeat(100)).toList(),
                        printed(it, worker, "O"));
            }
        }
    }

    @Test
    void shouldGiveNoInputByADescriptor() throws Exception {
        try (var it = run("input")) {
            assertEquals(List.of("read -1", "read -1"), printed(it, 1, "O"));
        }
        assertTrue(FileDescriptor.in.valid());
    }

    @Test
    void shouldMakeLinesOfWhatChildrenPrintThatInheritTheStreams() throws Exception {
        try (var it = run("child")) {
            assertEquals(List.of("1 the worker", "2 the child", "3 it has ended with 0, true", "4 a pipeline"),
                    printed(it, 1, "O"));
            assertEquals(List.of("1 of an error"), printed(it, 1, "E"));
        }
    }

    /** It restarts while the sink stands still; what the dead ones printed comes later, in order. */
    @Test
    void shouldLoseNoLineOfWorkersThatEndWhileTheSinkStandsStill() throws Exception {
        var goOn = new CountDownLatch(1);
        List<String> lines = new CopyOnWriteArrayList<>();
        List<Exit> exits = new CopyOnWriteArrayList<>();
        try (var _ = open(goOn, lines, exits, StopPolicy.DEFAULT)) {
            await().atMost(Harness.LONG).until(() -> exits.size() >= 2);
            assertEquals(List.of(), lines);
            goOn.countDown();
        }
        int workers = (int) lines.stream().filter(line -> line.endsWith("descriptor 1")).count();
        assertTrue(workers >= 2);
        assertEquals(IntStream.rangeClosed(1, workers).boxed()
                .flatMap(id -> Stream.of(1, 2, 3).map(n -> id + " descriptor " + n)).toList(), lines);
    }

    @Test
    void shouldCloseByItsDeadlinesAlthoughTheSinkStandsStill() throws Exception {
        var goOn = new CountDownLatch(1);
        List<Exit> exits = new CopyOnWriteArrayList<>();
        var soon = new StopPolicy(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(100));
        try (var cluster = open(goOn, new CopyOnWriteArrayList<>(), exits, soon)) {
            await().atMost(Harness.LONG).until(() -> exits.size() >= 1);
            cluster.close(); // else this test hangs
        } finally {
            goOn.countDown();
        }
    }

    private static Cluster open(CountDownLatch goOn, List<String> lines, List<Exit> exits, StopPolicy stop) {
        OutputSink sink = (Worker worker, boolean _, String line) -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            lines.add(worker.id() + " " + line);
        };
        return Cluster.open(Harness.program("Printing", "reflection", "3"), config -> config.withWorkers(1)
                .withOutput(sink).withStop(stop).withListener(event -> {
                    if (event instanceof ClusterEvent.Exited exited) {
                        exits.add(exited.exit());
                    }
                }));
    }
}
