package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code corral run}, from outside: what it prints, how it ends. */
class RunIT {
    @Test
    void shouldAnswerFromFourWorkersAndReplaceTheOneThatCrashes() throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command("run", "crash", "-i", "4", "--json", "--", Integer.toString(port))) {
            corral.awaitEvents("ready", 4);
            assertEquals(Set.of("worker 1", "worker 2", "worker 3", "worker 4"), askFourTimes(port));
            String answer = Requests.get(port, "/crash");
            String crashed = answer.replaceAll("\\D", "");
            Map<String, String> exit = corral.awaitEvents("exit", 1).getFirst();
            assertEquals(crashed, exit.get("worker"));
            assertEquals("1", exit.get("code"));
            assertEquals("crashed", exit.get("reason"));
            assertEquals("false", exit.get("voluntary"));
            Map<String, String> ready = corral.awaitEvents("ready", 5).getLast();
            assertEquals(exit.get("slot"), ready.get("slot"));
            assertEquals("5", ready.get("worker"));
            assertTrue(askFourTimes(port).contains("worker 5"));
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
            assertEquals(5, corral.events("exit").size());
            assertTrue(corral.events("exit").stream().skip(1).allMatch(e -> e.get("reason").equals("on-request")
                    && e.get("code").equals("0") && e.get("voluntary").equals("true")), corral.out.toString());
        }
    }

    private static Set<String> askFourTimes(int port) throws IOException, InterruptedException {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            answers.add(Requests.get(port, "/"));
        }
        return answers;
    }

    @Test
    void shouldBalanceAsItIsTold() throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command("run", "hello", "-i", "4", "--balance", "hash", "--json", "--",
                Integer.toString(port))) {
            corral.awaitEvents("ready", 4);
            Set<String> answers = new TreeSet<>();
            for (int i = 0; i < 8; i++) {
                answers.add(Requests.get(port, "/"));
            }
            assertEquals(1, answers.size(), answers.toString());
        }
    }

    @Test
    void shouldLeaveAnExclusivePortToOneWorker() throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command("run", "hello", "-i", "2", "--exclusive", Integer.toString(port), "--json",
                "--max-restarts", "0", "--", Integer.toString(port))) {
            corral.awaitEvents("ready", 1);
            assertEquals("java.net.BindException: Address already in use", corral.awaitEvents("gave-up", 1).getFirst()
                    .get("why"));
        }
    }

    @Test
    void shouldPrintOneObjectALineWithJson() throws Exception {
        try (var corral = new Command("run", "ticker", "-i", "2", "--json", "--env", "MOOD=good", "--name", "tick",
                "--", "1")) {
            assertEquals(0, corral.awaitExit());
            for (String event : List.of("fork", "online", "disconnect", "exit")) {
                List<Map<String, String>> events = corral.events(event);
                assertEquals(Set.of("1", "2"), Set.of(events.get(0).get("worker"), events.get(1).get("worker")));
                assertTrue(Instant.parse(events.getFirst().get("at")).isBefore(Instant.now()));
            }
            Map<String, String> line = corral.events("output").stream().filter(e -> e.get("worker").equals("2"))
                    .findFirst().orElseThrow();
            assertEquals("I am worker 2 of tick in slot 1, MOOD is good", line.get("line"));
            assertEquals("stdout", line.get("stream"));
            assertEquals(List.of(), corral.err);
        }
    }

    @Test
    void shouldPrintLinesOfWorkersWithNameAndSlot() throws Exception {
        try (var corral = new Command("run", "ticker", "-i", "2", "--", "3")) {
            assertEquals(0, corral.awaitExit());
            assertTrue(corral.out.contains("ticker/0 | tick 1") && corral.out.contains("ticker/1 | tick 1"));
            assertTrue(corral.err.contains("ticker/0 | tick 3"), corral.err.toString());
        }
    }

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

    /** What a killed JVM has left is deleted by the next one, which leaves those alone that live. */
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
        return new Command(Command.LAUNCHER, Map.of("CORRAL_OPTS", "-Djava.io.tmpdir=" + directory), "run", mainClass,
                "-cp", "target/test-classes", "-i", "1");
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** From the moment on in which the launcher has been entered; a signal without a handler would end it. */
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
            corral.awaitEvents("ready", 3); // and bakes now
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

    /** As under nohup, and in the background of a script. */
    @Test
    void shouldSayWhichSignalsItDoesNotSee(@TempDir Path directory) throws Exception {
        try (var corral = new Command(Path.of("/bin/sh"), Map.of(), "-c", "trap '' HUP INT; exec \"$0\" \"$@\"",
                Command.LAUNCHER.toString(), "run", "programs.Edition", "-cp",
                prepareEdition(directory, "one").toString(), "-i", "1", "--json")) {
            corral.awaitEvents("ready", 1);
            List<String> messages = corral.events("message").stream().map(event -> event.get("text")).toList();
            assertTrue(messages.getFirst().matches("SIGHUP has no effect, .*; send SIGUSR2 to reload"),
                    messages.toString());
            assertTrue(messages.getLast().matches("SIGINT has no effect, .*; send SIGTERM to stop"),
                    messages.toString());
            corral.signal("HUP");
            corral.signal("INT");
            corral.signal("USR2");
            corral.awaitEvents("reload", 1);
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
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

    /** The files that it was started from are read again, and what is wrong with them is told. */
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

    /** JFR takes its samples by a signal that is not SIGUSR2, so that none of them reloads. */
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

    @ParameterizedTest
    @ValueSource(strings = {"run", "run hello --no-such-option", "run missing.jar", "run hello -i many",
            "run hello --carriers 0", "run hello --reload-parallel 0", "run hello --ready-within 0",
            "run hello --balance fair", "run hello --exclusive 70000",
            "run hello --restart-delay 5x", "run hello --env MOOD",
            "run programs.NoMain -cp target/test-classes", "run programs.Absent -cp target/test-classes",
            "run hello --max-restarts -1", "run hello --share java.util", "run hello --name", "walk hello", ""})
    void shouldRefuseBadUsageWithOneLineAndTwo(String arguments) throws Exception {
        try (var corral = arguments.isEmpty() ? new Command() : new Command(arguments.split(" "))) {
            assertEquals(2, corral.awaitExit());
            assertEquals(1, corral.err.size(), corral.err.toString());
            assertTrue(corral.err.getFirst().startsWith("corral: "), corral.err.toString());
            assertEquals(List.of(), corral.out);
        }
    }

    @Test
    void shouldRefuseAJarWithoutMainClassAndAFileThatIsNone(@TempDir Path directory) throws Exception {
        Path jar = directory.resolve("empty.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        try (var corral = new Command("run", jar.toString())) {
            assertEquals(2, corral.awaitExit());
            assertTrue(corral.err.getFirst().contains("no Main-Class"), corral.err.toString());
        }
        Path text = Files.writeString(directory.resolve("notes.jar"), "no jar");
        try (var corral = new Command("run", text.toString())) {
            assertEquals(2, corral.awaitExit());
            assertTrue(corral.err.size() == 1 && corral.err.getFirst().contains("cannot be read as a jar"),
                    corral.err.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--missed 0 | missed heartbeats are 0; they must be from 1 to 1000",
            "--heartbeat 2h | the heartbeat interval is PT2H; it must be from 1 ms to 1 h, or 0 for none",
            "--start-deadline 0 | the start deadline is PT0S; it must be 1 ms or more",
            "--max-allocated 5x | Invalid value for option '--max-allocated': '5x' is not a size; it must be like 512k, 700m or "
                    + "50g, from 1 byte to 8 million terabytes",
            "--pressure 85 | Invalid value for option '--pressure': '85' is not a share; it must be like 85% or 0.85, more than 0 "
                    + "and at most 100%",
            "--max-live 700m --no-live-bytes | at most 734003200 live bytes are allowed to each worker of hello, but they are not "
                    + "to be estimated: that needs withLiveBytes(true)",
            "--advise-limits --max-live 700m | --max-live is 700m, but --advise-limits observes workers without limits; one of "
                    + "them must be left out",
            "--advise-limits --max-allocated 50g | --max-allocated is 50g, but --advise-limits observes workers without limits; "
                    + "one of them must be left out",
            "--advise-limits --max-metaspace 200m | --max-metaspace is 200m, but --advise-limits observes workers without "
                    + "limits; one of them must be left out"})
    void shouldSayWhatIsWrongWithHeartbeatsAndMemory(String arguments, String message) throws Exception {
        try (var corral = new Command(("run hello " + arguments).split(" "))) {
            assertEquals(2, corral.awaitExit());
            assertEquals(List.of("corral: " + message), corral.err);
        }
    }

    /** It runs away inside the JDK, is found, stopped there, and comes back. */
    @Test
    void shouldReplaceAZombie() throws Exception {
        int port = Requests.freePort();
        try (var corral =
                new Command("run", "zombie", "-i", "2", "--heartbeat", "100ms", "--missed", "2", "--json", "--",
                        Integer.toString(port))) {
            corral.awaitEvents("ready", 2);
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream()
                        .write("GET /spin?kind=regex HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                Map<String, String> zombie = corral.awaitEvents("zombie", 1).getFirst();
                Map<String, String> exit = corral.awaitEvents("exit", 1).getFirst();
                assertEquals("SPINNING", zombie.get("verdict"));
                assertEquals("zombie", exit.get("reason"));
                assertEquals("137", exit.get("code"));
                assertEquals(zombie.get("worker"), exit.get("worker"));
                assertEquals(exit.get("slot"), corral.awaitEvents("ready", 3).getLast().get("slot"));
            }
            assertTrue(corral.out.stream().noneMatch(line -> line.contains("abandonedThreads")), corral.out.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--main programs.Told | --main programs.Told needs --class-path, where the class is",
            "--main programs/Told -cp target/test-classes | --main programs/Told is not the name of a class; it must be like com.example.Main",
            "--main programs.Absent -cp target/test-classes | no class programs.Absent in [target/test-classes]",
            "--main programs.NoMain -cp target/test-classes | programs.NoMain has no main method and does not implement WorkerMain",
            "--main programs.Told -cp target/test-classes:absent.jar | --class-path target/test-classes:absent.jar has the entry absent.jar, which does not exist; it must be a jar or a directory",
            "--main programs.Told -cp target/test-classes: | --class-path target/test-classes: has an empty entry; it must name jars and directories, . for this one",
            "--main programs.Told -cp pom.xml/* | --class-path pom.xml/* has the entry pom.xml/*, but pom.xml is no directory to read",
            "--main programs.Told -cp pom.xml | {pom.xml} cannot be read as a jar: zip END header not found",
            "-i 2 | no PROGRAM; it must be a jar, a class of --class-path, or a sample (crash, embed, hello, leaky, ticker, zombie); or name a class with --main"})
    void shouldSayWhatIsWrongWithAClassPathOrItsMainClass(String arguments, String message) throws Exception {
        try (var corral = new Command(("run " + arguments).split(" "))) {
            assertEquals(2, corral.awaitExit());
            String absolute = Path.of("pom.xml").toAbsolutePath().toString();
            assertEquals(List.of("corral: " + message.replace("{pom.xml}", absolute)), corral.err);
        }
    }

    @Test
    void shouldRunAClassOfAClassPathWithArguments(@TempDir Path directory) throws Exception {
        Files.copy(Path.of("target/test-classes/programs/Told.class"),
                Files.createDirectories(directory.resolve("classes/programs")).resolve("Told.class"));
        Path lib = Files.createDirectory(directory.resolve("lib"));
        try (var out = new JarOutputStream(Files.newOutputStream(lib.resolve("some.jar")))) {
            out.putNextEntry(new ZipEntry("told.txt"));
            out.write("from a jar".getBytes(StandardCharsets.UTF_8));
        }
        try (var corral = new Command("run", "-i", "1", "--class-path", directory.resolve("classes") + ":" + lib + "/*",
                "--main", "programs.Told", "one", "--", "--two")) {
            assertEquals(0, corral.awaitExit(), corral.err.toString());
            assertTrue(corral.out.contains("Told/0 | [one, --two] from a jar"), corral.out.toString());
        }
    }

    @Test
    void shouldTellItsOptions() throws Exception {
        try (var corral = new Command("run", "--help")) {
            assertEquals(0, corral.awaitExit());
            for (String option : List.of("--instances", "--name", "--env", "--share", "--carriers", "--restart-delay",
                    "--max-restarts", "--min-uptime", "--no-uncaught-end", "--json", "--class-path", "--main",
                    "--balance",
                    "--exclusive", "--wait-ready", "--ready-within", "--bake", "--reload-parallel",
                    "--advise-limits")) {
                assertTrue(corral.out.stream().anyMatch(line -> line.contains(option)), option);
            }
        }
    }
}
