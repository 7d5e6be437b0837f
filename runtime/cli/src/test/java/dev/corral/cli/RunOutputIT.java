package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Requests;
import dev.corral.testing.Soak;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code corral run} does with its standard streams: in which bytes, and whoever reads them or does not. */
class RunOutputIT {
    @TempDir
    private Path directory;

    private ProcessBuilder corral(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Command.LAUNCHER.toString(), "run", "programs.Prints", "-cp",
                "target/test-classes", "--max-restarts", "5"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectError(err().toFile());
        builder.environment().put("CORRAL_OPTS", Soak.compiler());
        return builder;
    }

    private Path err() {
        return directory.resolve("err");
    }

    private static int awaitExit(Process process) throws InterruptedException {
        assertTrue(process.waitFor(Command.LONG.toSeconds(), TimeUnit.SECONDS), "it runs on");
        return process.exitValue();
    }

    private static void terminate(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
    }

    private String awaitErr(String text) {
        await().atMost(Command.LONG).until(() -> Files.readString(err()).contains(text));
        return text;
    }

    private byte[] run(String locale, String... arguments) throws Exception {
        Path out = directory.resolve("out");
        ProcessBuilder builder = corral(arguments).redirectOutput(out.toFile());
        builder.environment().put("LC_ALL", locale);
        assertEquals(0, awaitExit(builder.start()), Files.readString(err()));
        return Files.readAllBytes(out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void shouldLeaveBytesAsTheyAreWhateverTheLocale(String locale) throws Exception {
        var expected = new ByteArrayOutputStream();
        expected.writeBytes("Prints#1 | gr\u00fc\u00dfe \u65e5\u672c\nPrints#1 | ".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 256; i++) {
            if (i != '\n' && i != '\r') {
                expected.write(i);
            }
        }
        expected.write('\n');
        assertArrayEquals(expected.toByteArray(), run(locale, "-i", "1", "--", "bytes"));
    }

    @Test
    void shouldPrintJsonAsUtf8WithoutALocale() throws Exception {
        String json = new String(run("C", "-i", "1", "--json", "--", "bytes"), StandardCharsets.UTF_8);
        assertTrue(json.contains("\"line\":\"gr\u00fc\u00dfe \u65e5\u672c\""), json);
        assertTrue(json.contains("xyz{|}~\u007f" + "\ufffd".repeat(128)), json);
    }

    @Test
    void shouldMarkThePartsOfALongLine() throws Exception {
        int most = 64 * 1024;
        assertEquals(
                "Prints#1 part 1 | " + "x".repeat(most) + "\nPrints#1 last part | " + "x".repeat(100_000 - most) + "\n",
                new String(run("C", "-i", "1", "--", "long"), StandardCharsets.UTF_8));
        String json = new String(run("C", "-i", "1", "--json", "--", "long"), StandardCharsets.UTF_8);
        assertTrue(json.contains("\",\"part\":1,\"lastPart\":false}"), json);
        assertTrue(json.contains("\",\"part\":2,\"lastPart\":true}"), json);
    }

    /** Nobody reads before the worker has ended. A pipe holds less than it prints. */
    @ParameterizedTest
    @ValueSource(strings = {"lines 1500", "lines 1500 0"})
    void shouldLoseNoLineToASlowReader(String arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-i", "1", "--"));
        all.addAll(List.of(arguments.split(" ")));
        Process process = corral(all.toArray(String[]::new)).start();
        try {
            awaitErr("exited with code 0");
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(1500, out.lines().filter(line -> line.startsWith("Prints#1 | line ")).count());
            assertEquals(0, awaitExit(process));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldReplaceWorkersAndStopWhileNobodyReads() throws Exception {
        int port = Requests.freePort();
        Process process = corral("-i", "2", "--", "serve", Integer.toString(port)).redirectErrorStream(true)
                .redirectError(Redirect.PIPE).start();
        try {
            awaitAnswers(port, Set.of("1", "2"));
            Requests.get(port, "/lines");
            Requests.get(port, "/lines");
            exit(port);
            exit(port);
            awaitAnswers(port, Set.of("4")); // and the second one may have been that of the first replacement
            terminate(process);
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, awaitExit(process));
            assertEquals(4, out.lines().filter(line -> line.endsWith("is ready")).count());
            assertEquals(2, out.lines().filter(line -> line.contains("exited with code 3")).count());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Else its number would be that of some file of the JVM, into which workers would print. */
    @Test
    void shouldReportAnOutputThatIsClosedFromTheStart() throws Exception {
        ProcessBuilder builder = corral("-i", "1", "--", "lines", "10");
        builder.command().addAll(0, List.of("sh", "-c", "exec \"$@\" >&-", "sh"));
        assertEquals(0, awaitExit(builder.start()));
        String err = Files.readString(err());
        assertTrue(err.startsWith("corral: standard output is closed"), err);
        assertTrue(err.contains("exited with code 0"), err);
    }

    /** Not by an {@code HttpClient}, which asks again when it gets no answer. */
    private static void exit(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("GET /exit HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    private static void awaitAnswers(int port, Set<String> workers) {
        Set<String> answers = new TreeSet<>();
        await().atMost(Command.LONG).ignoreExceptions().until(() -> {
            answers.add(Requests.get(port, "/"));
            return answers.containsAll(workers);
        });
    }

    /** A disk that is full, and a pipe that nobody can read any more. */
    @ParameterizedTest
    @ValueSource(strings = {"full", "closed"})
    void shouldStopNobodyWhenOutputCannotBeWrittenAndReportItOnce(String how) throws Exception {
        int port = Requests.freePort();
        ProcessBuilder builder = corral("-i", "1", "--", "serve", Integer.toString(port));
        Process process = (how.equals("full") ? builder.redirectOutput(new File("/dev/full")) : builder).start();
        try {
            process.getInputStream().close();
            awaitAnswers(port, Set.of("1"));
            for (int i = 0; i < 20; i++) {
                assertEquals("1", Requests.get(port, "/lines"));
            }
            awaitErr("corral | standard output cannot be written: "
                    + (how.equals("full") ? "No space left on device" : "Broken pipe"));
            terminate(process);
            assertEquals(0, awaitExit(process));
            String err = Files.readString(err());
            assertEquals(1, err.lines().filter(line -> line.contains("cannot be written")).count(), err);
            assertTrue(err.contains(" lines of standard output are lost"), err);
        } finally {
            process.destroyForcibly();
        }
    }
}
