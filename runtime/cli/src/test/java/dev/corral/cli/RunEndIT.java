package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Requests;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code corral run} ends, its exit code, and the files that it leaves. */
class RunEndIT {
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void shouldDrainAndEndWithZeroOnASignal(String signal) throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command("run", "hello", "-i", "2", "--", Integer.toString(port))) {
            await().atMost(Command.LONG)
                    .until(() -> corral.err.stream().filter(line -> line.endsWith("is ready")).count() == 2);
            corral.signal(signal);
            assertEquals(0, corral.awaitExit());
            assertEquals(2,
                    corral.err.stream().filter(line -> line.contains("exited with code 0: on request")).count());
        }
    }

    @Test
    void shouldEndWith143IfAWorkerHadToBeForced() throws Exception {
        try (var corral = Command.ofTestClass("Stubborn", "-i", "1")) {
            corral.awaitOut(line -> line.endsWith("waiting"));
            corral.signal("TERM");
            assertEquals(143, corral.awaitExit());
            assertTrue(corral.err.stream().anyMatch(line -> line.contains("exited with code 137")),
                    corral.err.toString());
        }
    }

    @Test
    void shouldEndAtOnceOnASecondSignalAndLeaveNoFile(@TempDir Path temporary) throws Exception {
        try (var corral = withTemporary(temporary, "programs.Stubborn")) {
            corral.awaitOut(line -> line.endsWith("waiting"));
            assertEquals(1, files(temporary).size());
            corral.signal("TERM");
            corral.awaitOut(line -> line.endsWith("hook"));
            corral.signal("TERM");
            assertEquals(143, corral.awaitExit());
            assertTrue(corral.err.stream().noneMatch(line -> line.contains("exited with")), corral.err.toString());
            assertEquals(List.of(), files(temporary));
        }
    }

    /** A command deletes the files of a command that was killed, but not the files of a command that still runs. */
    @Test
    void shouldDeleteWhatAKilledCommandHasLeft(@TempDir Path temporary) throws Exception {
        List<String> killed;
        try (var corral = withTemporary(temporary, "programs.Stubborn")) {
            corral.awaitOut(line -> line.endsWith("waiting"));
            killed = files(temporary);
        }
        assertEquals(killed, files(temporary));
        try (var first = withTemporary(temporary, "programs.Stubborn")) {
            first.awaitOut(line -> line.endsWith("waiting"));
            await().atMost(Command.LONG).until(() -> !files(temporary).containsAll(killed));
            List<String> ofFirst = files(temporary);
            try (var second = withTemporary(temporary, "programs.Stubborn")) {
                second.awaitOut(line -> line.endsWith("waiting"));
                assertEquals(2, files(temporary).size());
                assertTrue(files(temporary).containsAll(ofFirst));
                second.signal("TERM");
                second.awaitOut(line -> line.endsWith("hook"));
                second.signal("TERM");
                assertEquals(143, second.awaitExit());
            }
            assertEquals(ofFirst, files(temporary));
        }
    }

    private static Command withTemporary(Path directory, String mainClass) {
        return new Command(Command.LAUNCHER,
                Map.of("CORRAL_OPTS", Soak.compiler() + " -Djava.io.tmpdir=" + directory), "run", mainClass, "-cp",
                "target/test-classes", "-i", "1");
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldEndWithOneAndTheReasonWhenEverySlotGaveUp() throws Exception {
        try (var corral = Command.ofTestClass("Throws", "-i", "2", "--max-restarts", "2", "--restart-delay", "10ms")) {
            assertEquals(1, corral.awaitExit());
            for (int slot = 0; slot < 2; slot++) {
                String start = "corral | slot " + slot + " stays down: 2 restarts within ";
                assertTrue(corral.err.stream().anyMatch(line -> line.startsWith(start)
                        && line.endsWith("crashed, java.lang.IllegalStateException: no configuration")),
                        corral.err.toString());
            }
        }
    }

    @Test
    void shouldRestartWhatExitsWithAnotherCodeThanZero() throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command("run", "crash", "-i", "1", "--json", "--", Integer.toString(port))) {
            corral.awaitEvents("ready", 1);
            Requests.get(port, "/exit?code=3");
            assertEquals("3", corral.awaitEvents("exit", 1).getFirst().get("code"));
            corral.awaitEvents("ready", 2);
            Requests.get(port, "/exit?code=0");
            assertEquals(0, corral.awaitExit());
        }
    }
}
