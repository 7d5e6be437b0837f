package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Program;
import dev.corral.testing.Harness;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Carriers of real workers: who stands still gets a spare one, and who spins hurts nobody else. */
@Tag("c2")
class SchedulerIT {
    private static Program carried(String... args) {
        return Harness.program("Carried", args);
    }

    private static Path fifo(Path directory, int number) {
        Path fifo = directory.resolve("fifo" + number);
        try {
            assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return fifo;
    }

    @Test
    void shouldGiveASpareCarrierWhereBlockingReadsStopAllOthers(@TempDir Path directory) throws Exception {
        List<Path> fifos = IntStream.range(0, 5).mapToObj(i -> fifo(directory, i)).toList();
        String[] args = new String[fifos.size() + 1];
        args[0] = "fifo";
        IntStream.range(0, fifos.size()).forEach(i -> args[i + 1] = fifos.get(i).toString());
        try (var it = new Harness(carried(args), config -> config)) {
            it.awaitLine(1, "sibling ran");
            for (Path fifo : fifos) {
                try (OutputStream out = new FileOutputStream(fifo.toFile())) {
                    out.write(7);
                }
            }
            await().until(() -> it.linesOf(1).stream().filter("read 7"::equals).count() == 5);
            // Those that stood still have left; one carrier and the thread of main are there.
            await().until(() -> it.worker(1).stats().cpu().platformThreads() == 2);
        }
    }

    @Test
    void shouldGiveASpareCarrierToAClassInitialiserThatWaitsForASibling() {
        try (var it = new Harness(carried("class-initialiser"), config -> config)) {
            it.awaitLine(1, "programs.Carried$Waiting 42");
        }
    }

    /** A sibling of a spinner on the same carrier does not run: that is for the watchdog. Nobody else is hurt. */
    @Test
    void shouldGiveNoSpareCarrierToASpinner() throws Exception {
        try (var it = new Harness(carried("spin-and-sibling"), config -> config)) {
            it.awaitLine(1, "sibling started");
            try (var other = new Harness(carried("inherit"), config -> config)) {
                other.awaitLine(1, "child of 1");
            }
            assertFalse(it.linesOf(1).contains("sibling ran"));
            assertEquals(2, it.worker(1).stats().cpu().platformThreads());
            assertEquals(137, it.worker(1).kill().get().code());
        }
    }

    @Test
    void shouldRunVirtualThreadsInParallelOnSeveralCarriers() {
        try (var it = new Harness(carried("parallel", "3"), config -> config.withCarriers(3))) {
            await().until(() -> it.linesOf(1).stream().filter("met"::equals).count() == 3);
            assertEquals(4, it.worker(1).stats().cpu().platformThreads());
        }
    }

    @Test
    void shouldRunManyVirtualThreads() {
        for (int carriers : List.of(1, 2)) {
            try (var it = new Harness(carried("many"), config -> config.withCarriers(carriers))) {
                it.awaitLine(1, "all done");
            }
        }
    }

    @Test
    void shouldKeepWhatVirtualThreadsStartInTheWorker() {
        try (var it = new Harness(carried("inherit"), config -> config)) {
            it.awaitLine(1, "child of 1");
            it.awaitLine(1, "thread of 1 in it#1");
        }
    }

    /**
     * As many spinners as processors, and the answers of a third worker, on virtual threads, come all the same; the
     * master goes on forking and ending. How long they take is measured in the benchmarks, against busy processes.
     */
    @Test
    void shouldAnswerAndSuperviseWhileAllProcessorsSpin() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        int port = Harness.freePort();
        try (var spinners = new Harness(carried("spin"), config -> config.withWorkers(processors));
                var third =
                        new Harness(Harness.program("Hello", Integer.toString(port), "virtual"), config -> config)) {
            for (int id = 1; id <= processors; id++) {
                spinners.awaitLine(id, "spinning");
            }
            third.awaitReady(1);
            for (int i = 0; i < 50; i++) {
                assertTrue(Harness.get(port, "/").startsWith("hello from worker "));
            }
            third.worker(1).kill().get();
            third.awaitReady(1);
            assertEquals("hello from worker 2", Harness.get(port, "/"));
            assertTrue(spinners.cluster.stats().lastTickAge().compareTo(Duration.ofSeconds(5)) < 0);
            for (int id = 1; id <= processors; id++) {
                assertEquals(List.of(), spinners.worker(id).kill().get().abandonedThreads());
            }
        }
    }
}
