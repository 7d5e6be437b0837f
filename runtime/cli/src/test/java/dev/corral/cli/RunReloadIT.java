package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code corral run} that reloads the program on a signal. */
class RunReloadIT {
    /** The signals come from the first moments of the launcher on. A signal without a handler would end it. */
    @ParameterizedTest
    @ValueSource(strings = {"HUP", "USR2"})
    void shouldSurviveSignalsToReloadWhileItStartsAndReloadOnce(String signal, @TempDir Path directory)
            throws Exception {
        try (var corral = ofEdition(directory, "one", "--json", "--bake", "100ms")) {
            await().atMost(Command.LONG).until(corral::ignoresOrHandlesHup);
            while (corral.events("online").isEmpty()) {
                assertTrue(corral.isAlive(), corral.err.toString());
                corral.signal(signal);
            }
            Files.writeString(directory.resolve("edition"), "two");
            corral.signal(signal);
            await().atMost(Command.LONG).until(() -> lines(corral, "edition two") == 2);
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
            assertTrue(corral.events("reload").size() <= 3, corral.events("reload").toString());
        }
    }

    /** The program is read when a reload begins, so one reload stands for all signals before it. */
    @Test
    void shouldReloadOnceForManySignals(@TempDir Path directory) throws Exception {
        try (var corral = ofEdition(directory, "one", "--json", "--bake", "3s")) {
            corral.awaitEvents("ready", 2);
            corral.signal("HUP");
            corral.awaitEvents("ready", 3); // and the reload waits during its bake time
            for (int i = 0; i < 5; i++) {
                corral.signal("HUP");
                corral.signal("USR2");
            }
            Files.writeString(directory.resolve("edition"), "two");
            assertEquals("2", corral.awaitEvents("reload", 2).getLast().get("replaced"));
            assertEquals(2, lines(corral, "edition two"));
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
            assertEquals(2, corral.events("reload").size());
        }
    }

    /** The shell ignores the signals, as nohup does, and as a script does for commands in the background. */
    @Test
    void shouldSayWhichSignalsItDoesNotSee(@TempDir Path directory) throws Exception {
        try (var corral = new Command(Path.of("/bin/sh"), Map.of(), "-c", "trap '' HUP INT; exec \"$0\" \"$@\"",
                Command.LAUNCHER.toString(), "run", "programs.Edition", "-cp",
                prepareEdition(directory, "one").toString(), "-i", "1", "--json")) {
            corral.awaitEvents("ready", 1);
            List<String> messages = corral.events("message").stream().map(event -> event.get("text")).toList();
            assertTrue(messages.getFirst().matches("SIGHUP has no effect, .*; send SIGUSR2 to reload"),
                    messages.toString());
            assertTrue(messages.get(1).matches("SIGINT has no effect, .*; send SIGTERM to stop"),
                    messages.toString());
            corral.signal("HUP");
            corral.signal("INT");
            corral.signal("USR2");
            corral.awaitEvents("reload", 1);
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
        }
    }

    /** A reload reads the files of the program again, and reports what is wrong with them. */
    @ParameterizedTest
    @ValueSource(strings = {"HUP", "USR2"})
    void shouldReloadOnASignal(String signal, @TempDir Path directory) throws Exception {
        try (var corral = ofEdition(directory, "1", "--json")) {
            corral.awaitEvents("ready", 2);
            Files.writeString(directory.resolve("edition"), "two");
            corral.signal(signal);
            Map<String, String> done = corral.awaitEvents("reload", 1).getFirst();
            assertEquals("completed", done.get("result"), done.toString());
            assertEquals("2", done.get("replaced"));
            assertEquals(2, lines(corral, "edition two"));
            assertTrue(corral.events("exit").stream().allMatch(exit -> exit.get("reason").equals("replaced")));
            Files.writeString(directory.resolve("edition"), "broken");
            corral.signal(signal);
            Map<String, String> aborted = corral.awaitEvents("reload", 2).getLast();
            assertEquals("aborted", aborted.get("result"));
            assertTrue(aborted.get("why").endsWith(
                    "crashed, java.lang.IllegalStateException: edition broken, before it was ready"),
                    aborted.toString());
            Files.delete(directory.resolve("programs/Edition.class"));
            corral.signal(signal);
            await().atMost(Command.LONG)
                    .until(() -> corral.events("message").stream().anyMatch(message -> message.get("text")
                            .startsWith("SIG" + signal + ": not reloaded, no class programs.Edition in ")));
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
        }
    }

    @Test
    void shouldWaitForTheWordOfAWorkerAndAbortWithoutIt(@TempDir Path directory) throws Exception {
        try (var corral = ofEdition(directory, "one, ready", "--wait-ready", "--ready-within", "2s", "--bake", "100ms",
                "--reload-parallel", "2")) {
            await().atMost(Command.LONG)
                    .until(() -> corral.err.stream().filter(line -> line.endsWith("is ready")).count() == 2);
            Files.writeString(directory.resolve("edition"), "two, that says nothing");
            corral.signal("HUP");
            corral.awaitErr(
                    line -> line.equals("corral | the reload was aborted, and the old code keeps serving: slot 0: "
                            + "worker 3 was not ready within 2 s"));
            Files.writeString(directory.resolve("edition"), "three, ready");
            corral.signal("HUP");
            corral.awaitErr(line -> line.startsWith("corral | reloaded 2 slots in "));
        }
    }

    /** The samples of JFR use another signal than SIGUSR2, so they do not cause reloads. */
    @Test
    void shouldLeaveJfrItsSamples(@TempDir Path directory) throws Exception {
        Path edition = prepareEdition(directory, "busy");
        Path recording = directory.resolve("recording.jfr");
        try (var corral = new Command(Command.LAUNCHER,
                Map.of("CORRAL_OPTS",
                        "-Xlog:disable -XX:StartFlightRecording:settings=profile,filename=" + recording),
                "run", "programs.Edition", "-cp", edition.toString(), "-i", "1", "--heartbeat", "0", "--json")) {
            await().atMost(Command.LONG).until(() -> lines(corral, "has been busy") == 1);
            corral.signal("USR2");
            corral.awaitEvents("reload", 1);
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
            assertEquals(1, corral.events("reload").size());
        }
        assertTrue(RecordingFile.readAllEvents(recording).stream()
                .anyMatch(event -> event.getEventType().getName().equals("jdk.ExecutionSample")));
    }

    private static Path prepareEdition(Path directory, String edition) throws IOException {
        Files.copy(Path.of("target/test-classes/programs/Edition.class"),
                Files.createDirectories(directory.resolve("programs")).resolve("Edition.class"));
        Files.writeString(directory.resolve("edition"), edition);
        return directory;
    }

    private static Command ofEdition(Path directory, String edition, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("run", "programs.Edition", "-cp",
                prepareEdition(directory, edition).toString(), "-i", "2"));
        all.addAll(List.of(options));
        return new Command(all.toArray(String[]::new));
    }

    private static long lines(Command corral, String line) {
        return corral.events("output").stream().filter(event -> event.get("line").equals(line)).count();
    }
}
