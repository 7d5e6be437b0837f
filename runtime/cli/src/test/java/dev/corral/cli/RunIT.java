package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Requests;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.TreeSet;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code corral run} of a program with several workers: what it prints, and which worker answers. */
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
            String why = corral.awaitEvents("gave-up", 1).getFirst().get("why");
            assertTrue(why.startsWith("java.net.BindException: Address already in use: port " + port
                    + " is used by this process, "), why);
        }
    }

    @Test
    void shouldSayWhoItIsAndWhereAllWorkersListen() throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command("run", "hello", "-i", "2", "--", Integer.toString(port))) {
            corral.awaitErr(line -> line.equals("corral | all workers are ready, on port " + port));
            String first = corral.err.getFirst();
            assertTrue(first
                    .matches("corral \\| Corral [0-9.]+, Java 25 \\(.*\\), a heap of at most [0-9]+m, 2 workers, PID "
                            + corral.pid()),
                    first);
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
    void shouldPrintTheTimeInFrontOfEachLine() throws Exception {
        try (var corral = new Command("run", "ticker", "-i", "1", "--time", "--", "3")) {
            assertEquals(0, corral.awaitExit());
            for (String line : Stream.concat(corral.out.stream(), corral.err.stream()).toList()) {
                assertTrue(line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (corral|ticker#1) \\| .*"),
                        line);
            }
            assertTrue(corral.err.stream().anyMatch(line -> line.contains(" corral | worker 1 (slot 0) exited")));
        }
    }

    @Test
    void shouldPrintLinesOfWorkersWithTheirNames() throws Exception {
        try (var corral = new Command("run", "ticker", "-i", "2", "--", "3")) {
            assertEquals(0, corral.awaitExit());
            assertTrue(corral.out.contains("ticker#1 | tick 1") && corral.out.contains("ticker#2 | tick 1"));
            assertTrue(corral.err.contains("ticker#1 | tick 3"), corral.err.toString());
        }
    }

    /**
     * A worker that runs away inside the JDK, in code of the second compiler, is detected, stopped there and replaced.
     */
    @Test
    void shouldReplaceAZombie() throws Exception {
        int port = Requests.freePort();
        try (var corral =
                new Command(Command.LAUNCHER, Map.of(), "run", "zombie", "-i", "2", "--heartbeat", "100ms", "--missed",
                        "2", "--json", "--", Integer.toString(port))) {
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
            assertTrue(corral.out.contains("Told#1 | [one, --two] from a jar"), corral.out.toString());
        }
    }
}
