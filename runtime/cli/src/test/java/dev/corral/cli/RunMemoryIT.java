package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Requests;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code corral run} with limits of memory, with advice for them, and in a heap that is full. */
class RunMemoryIT {
    private static final int LEAKS = Soak.number("corral.leaks", 130, 250);
    private static final int FULL_HEAPS = Soak.number("corral.full.heaps", 2, 3);
    private static final long LEAK_MILLIS = 40;

    /** Every worker has allocated more than a byte. */
    @Test
    void shouldReplaceAWorkerOverItsLimitAndSayWhy() throws Exception {
        int port = Requests.freePort();
        try (var corral =
                new Command("run", "hello", "-i", "1", "--max-allocated", "1k", "--", Integer.toString(port))) {
            corral.awaitErr(
                    line -> line.matches(
                            "corral \\| worker 1 \\(slot 0\\) will be replaced: over its limit of allocated "
                                    + "bytes: \\d.* allowed are \\d+ bytes"));
            corral.awaitErr(line -> line.contains("worker 2 (slot 0) is ready"));
        }
    }

    /**
     * Garbage causes the collections. A line shows that the peak is known. It is printed at the second check, after 11
     * s, or a minute later if an earlier collection has found less.
     */
    @Test
    void shouldAdviseLimitsForWhatAWorkerHasKept() throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command(Command.LAUNCHER,
                Map.of("CORRAL_OPTS", "-Xms512m -Xmx512m -XX:MetaspaceSize=128m"), "run", "leaky", "-i", "1",
                "--advise-limits", "--", Integer.toString(port))) {
            corral.awaitErr(line -> line.endsWith("is ready"));
            Requests.get(port, "/leak?mb=50");
            Requests.get(port, "/churn?mbps=100&seconds=600");
            corral.awaitErr(line -> line.startsWith("corral | peak so far, per worker: ")
                    && megabytesLive(line, "worker: (\\d+)m live, .*") >= 45);
            corral.signal("INT");
            assertEquals(0, corral.awaitExit());
            int advice = lineOf(corral.err, "corral \\| memory, observed for .*, with \\d+ collections?:");
            assertTrue(advice > lineOf(corral.err, ".*exited with code 0.*"), corral.err.toString());
            String slot = corral.err.get(advice + 1);
            long live = megabytesLive(slot,
                    "slot 0: live at most (\\d+)m, metaspace at most \\d+[km], allocates .* an hour");
            long limit = megabytesLive(corral.err.get(advice + 2), "set --max-live (\\d+)m --max-metaspace \\d+[km]");
            assertTrue(live >= 45 && live < 200, corral.err.toString());
            assertTrue(limit >= live && limit <= 2 * live, corral.err.toString());
        }
    }

    /**
     * With no guard whoever allocates fails, which may be any of Corral's own threads. The leaker ends of it, its
     * neighbours may; then all four answer again, and it can be stopped.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC", "-XX:+UseZGC"})
    void shouldServeAgainAfterTheHeapWasFull(String collector) throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command(Command.LAUNCHER, Map.of("CORRAL_OPTS", "-Xmx256m " + collector), "run", "leaky",
                "-i", "4", "--pressure", "100%", "--", Integer.toString(port))) {
            awaitFourThatAnswer(port, "none");
            for (int i = 0; i < FULL_HEAPS; i++) {
                String leaker = workerIn(Requests.get(port, "/leak?mbps=1000&seconds=3600"));
                awaitFourThatAnswer(port, leaker);
            }
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
        }
    }

    /**
     * All workers leak, in blocks that take two regions of G1 each, faster than the heap can take it without many ends
     * of workers. The leaking requests come at their own pace, so those that have waited come at once. Whoever asks for
     * something else is answered.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC"})
    void shouldAnswerOthersWhileAllWorkersLeak(String collector) throws Exception {
        int port = Requests.freePort();
        try (var corral = new Command(Command.LAUNCHER, Map.of("CORRAL_OPTS", "-Xmx512m " + collector), "run", "leaky",
                "-i", "4", "--max-live", "60m", "--restart-delay", "0ms", "--", Integer.toString(port))) {
            awaitFourThatAnswer(port, "none");
            List<Thread> leaks = new ArrayList<>();
            for (int i = 0; i < LEAKS; i++) {
                leaks.add(Thread.startVirtualThread(() -> leak(port)));
                Thread.sleep(LEAK_MILLIS); // the pace of who leaks, not an order of events
                if (i % 2 == 0) {
                    assertTrue(Requests.get(port, "/hello").startsWith("hello from worker "));
                }
            }
            for (Thread leak : leaks) {
                leak.join();
            }
            awaitFourThatAnswer(port, "none");
            long recycled = corral.err.stream().filter(line -> line.contains(" exited with code ")).count();
            assertTrue(recycled >= LEAKS * 4 / 120, recycled + ": " + corral.err); // as few as there can be
            corral.signal("TERM");
            int code = corral.awaitExit();
            assertTrue(code == 0 || code == 143, code + ": " + corral.err); // 143: one was just being killed for its memory
        }
    }

    private static void leak(int port) {
        try {
            Requests.get(port, "/leak?mb=4&size=" + (1 << 20));
        } catch (IOException e) {
            // its worker was ended for it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Seen in what the JVM is told to log. */
    @Test
    void shouldRehearseTheEndOfAWorkerBeforeTheHeapIsFull(@TempDir Path directory) throws Exception {
        Path logging = Files.writeString(directory.resolve("logging.properties"),
                "handlers=java.util.logging.ConsoleHandler\njava.util.logging.ConsoleHandler.level=ALL\n"
                        + "dev.corral.level=FINER\n");
        int port = Requests.freePort();
        try (var corral = new Command(Command.LAUNCHER,
                Map.of("CORRAL_OPTS", "-Djava.util.logging.config.file=" + logging), "run", "hello", "-i", "2", "--",
                Integer.toString(port))) {
            corral.awaitErr(
                    line -> line.matches(".*rehearsed: worker .* exited .*") && line.contains("OutOfMemoryError"));
            assertTrue(corral.err.contains("corral | worker 2 (slot 1) is ready"), corral.err.toString());
            corral.signal("TERM");
            assertEquals(0, corral.awaitExit());
            assertEquals(2, corral.err.stream().filter(line -> line.contains(" exited with code ")
                    && line.startsWith("corral | ")).count(), corral.err.toString());
        }
    }

    private static void awaitFourThatAnswer(int port, String butNot) {
        await().atMost(Command.LONG).ignoreExceptions().until(() -> {
            Set<String> answers = new TreeSet<>();
            for (int i = 0; i < 8; i++) {
                answers.add(workerIn(Requests.get(port, "/hello")));
            }
            return answers.size() == 4 && !answers.contains(butNot);
        });
    }

    private static String workerIn(String answer) {
        Matcher matcher = Pattern.compile("worker \\d+").matcher(answer);
        assertTrue(matcher.find(), answer);
        return matcher.group();
    }

    /** What the group of the pattern has found at the end of the line; -1 if it is not there. */
    private static long megabytesLive(String line, String pattern) {
        Matcher matcher = Pattern.compile(pattern + "$").matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private static int lineOf(List<String> lines, String pattern) {
        return IntStream.range(0, lines.size()).filter(i -> lines.get(i).matches(pattern)).findFirst().orElseThrow();
    }

    /** What was not looked at has no figure. */
    @Test
    void shouldAdviseInOneObjectWithJson() throws Exception {
        try (var corral = new Command("run", "ticker", "-i", "2", "--json", "--advise-limits", "--no-live-bytes", "--",
                "1")) {
            assertEquals(0, corral.awaitExit());
            List<Map<String, String>> advice = corral.events("advice");
            assertEquals(1, advice.size(), corral.out.toString());
            assertEquals("true", advice.getFirst().get("early"));
            assertEquals(null, advice.getFirst().get("maxLiveBytes"));
            assertTrue(
                    corral.out.getLast().contains(
                            "no figure for --max-live: live bytes were never known, because --no-live-bytes is given"),
                    corral.out.getLast());
        }
    }
}
