package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.samples.Zombie;
import dev.corral.testing.HttpConnection;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No worker is killed that only seems silent, because the machine, the collector or a debugger lets nothing run, or
 * because there is much to do. In the same situation, a worker that does run away is found. {@code corral.calm} is the
 * number of seconds in each situation.
 */
class FalseVerdictIT {
    private static final int SECONDS = Soak.number("corral.calm", 2, 60);
    private static final int LONG_SUSPENSION = Soak.number("corral.suspended", 3, 10);
    private static final Pattern LONG_PAUSE = Pattern.compile("Pause .* (1[5-9]|[2-9][0-9]|[0-9]{3,})[0-9]\\.[0-9]+ms");
    private static final String DEBUGGABLE =
            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";
    private static final int SPINNERS = 4 * Runtime.getRuntime().availableProcessors();

    @Test
    void shouldCondemnNobodyOnAnOverloadedMachine() throws Exception {
        try (var jvm = new WatchedJvm("plain", 0, List.of(), "-Dworkers=3", "-Dheartbeat=50",
                "-Dspinners=" + SPINNERS)) {
            jvm.awaitReady(3);
            askForAWhile(jvm, 3, SECONDS);
            assertOneThatRunsAwayIsFound(jvm, "while", "server");
        }
    }

    @Test
    void shouldNotTakeALongRunQueueForSilence() throws Exception {
        try (var jvm = new WatchedJvm("crowd", 10_000, List.of(), "-Dheartbeat=50")) {
            jvm.awaitReady(1);
            askForAWhile(jvm, 1, SECONDS);
            assertOneThatRunsAwayIsFound(jvm, "while", "virtual");
        }
    }

    @Test
    void shouldNotCountTheTimeOfASuspendedJvm() throws Exception {
        try (var jvm = new WatchedJvm("plain", 0, List.of(), "-Dworkers=3", "-Dheartbeat=50")) {
            jvm.awaitReady(3);
            try (var clients = connected(jvm, 3)) {
                clients.awaitMoreAnswers();
                suspend(jvm, Duration.ofSeconds(LONG_SUSPENSION));
                clients.awaitMoreAnswers();
                for (long end = System.nanoTime() + SECONDS * 1_000_000_000L; System.nanoTime() < end;) {
                    suspend(jvm, Duration.ofMillis(20 + System.nanoTime() % 200));
                    clients.awaitMoreAnswers();
                }
                assertNothingHappened(jvm, clients);
            }
            assertOneThatRunsAwayIsFound(jvm, "while", "server");
        }
    }

    private static void suspend(WatchedJvm jvm, Duration time) throws IOException, InterruptedException {
        jvm.signal("STOP");
        Thread.sleep(time);
        jvm.signal("CONT");
    }

    @Test
    void shouldNotCountTheTimeOfTheCollector() throws Exception {
        try (var jvm = new WatchedJvm("garbage", 260, List.of(), "-Dheartbeat=50", "-Dpressure=1", "-Xmx320m",
                "-XX:+UseSerialGC", "-Xlog:gc")) {
            jvm.awaitReady(1);
            await().until(() -> jvm.lines.contains("worker 1: holds 260 MiB"));
            int before = longPauses(jvm);
            askForAWhile(jvm, 1, SECONDS);
            await().until(() -> longPauses(jvm) > before);
            jvm.assertNobodyIsCondemned();
            assertOneThatRunsAwayIsFound(jvm, "while", "server");
        }
    }

    /** Longer than what makes a zombie: three times 50 ms. */
    private static int longPauses(WatchedJvm jvm) {
        return (int) jvm.lines.stream().map(LONG_PAUSE::matcher).filter(Matcher::find).count();
    }

    /** What the collector takes is neither its CPU time nor a rest. */
    @ParameterizedTest
    @ValueSource(strings = {"server", "virtual"})
    void shouldFindOneThatKeepsTheCollectorBusy(String thread) throws Exception {
        try (var jvm = new WatchedJvm("plain", 0, List.of(), "-Dheartbeat=50", "-Dpressure=1", "-Xmx64m",
                "-XX:+UseSerialGC")) {
            jvm.awaitReady(1);
            assertOneThatRunsAwayIsFound(jvm, "allocate", thread);
        }
    }

    /** The first one reads them; the one after it has them from memory, and does nothing that the system could see. */
    @Test
    void shouldNotCondemnOneThatLoadsClasses(@TempDir Path directory) throws Exception {
        Path many = ManyClasses.write(directory.resolve("many.jar"), 200 * SECONDS, 10);
        try (var jvm = new WatchedJvm("classes", 200 * SECONDS, List.of(many), "-Dheartbeat=50", "-Dstart=100")) {
            jvm.awaitReady(1);
            assertOneThatRunsAwayIsFound(jvm, "while", "server");
            await().until(() -> jvm.of("Ready ").size() == 2 || jvm.of("Exited ").size() == 2);
            assertEquals(1, jvm.of("BecameZombie ").size(), () -> jvm.lines.toString());
        }
    }

    @Test
    void shouldNotCondemnOneThatLoadsLargeClasses(@TempDir Path directory) throws Exception {
        Path large = ManyClasses.write(directory.resolve("large.jar"), 2 * SECONDS, 300);
        try (var jvm = new WatchedJvm("classes", 2 * SECONDS, List.of(large), "-Dheartbeat=10", "-Dstart=100")) {
            jvm.awaitReady(1);
            jvm.assertNobodyIsCondemned();
            assertOneThatRunsAwayIsFound(jvm, "while", "server");
        }
    }

    @Test
    void shouldCondemnNobodyAtABreakpoint() throws Exception {
        try (var jvm = new WatchedJvm("plain", 0, List.of(), "-Dheartbeat=50", DEBUGGABLE)) {
            jvm.awaitReady(1);
            try (var stopped = new HttpConnection(jvm.port); var waiting = new HttpConnection(jvm.port)) {
                try (var breakpoint = new Breakpoint(debuggerPort(jvm), Zombie.class, "answer")) {
                    stopped.send("/");
                    breakpoint.awaitThread();
                    waiting.send("/");
                    Thread.sleep(Duration.ofSeconds(Math.min(SECONDS, 20))); // the JDK's server closes one unread after 30 s
                    jvm.assertNobodyIsCondemned();
                }
                assertEquals("worker 1", stopped.receive());
                assertEquals("worker 1", waiting.receive());
            }
            jvm.assertNobodyIsCondemned();
        }
    }

    /** The breakpoint of the test before would be a reason to. */
    @Test
    void shouldCondemnOneAtABreakpointWhereThatIsAskedFor() throws Exception {
        try (var jvm = new WatchedJvm("plain", 0, List.of(), "-Dheartbeat=50", "-Ddebugged=true", "-Dserving=150",
                DEBUGGABLE)) {
            jvm.awaitReady(1);
            try (var stopped = new HttpConnection(jvm.port);
                    var breakpoint = new Breakpoint(debuggerPort(jvm), Zombie.class, "answer")) {
                stopped.send("/");
                breakpoint.awaitThread();
                try (var waiting = new HttpConnection(jvm.port)) {
                    waiting.send("/");
                    await().until(() -> !jvm.of("BecameZombie 1 NOT_SERVING").isEmpty());
                }
            }
        }
    }

    private static int debuggerPort(WatchedJvm jvm) {
        String line = jvm.lines.stream().filter(each -> each.startsWith("Listening for transport")).findAny()
                .orElseThrow(() -> new AssertionError(jvm.lines.toString()));
        return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static Clients connected(WatchedJvm jvm, int workers) throws IOException {
        var clients = new Clients(jvm.port);
        for (long worker = 1; worker <= workers; worker++) {
            clients.keepAskingOf(worker);
        }
        return clients;
    }

    private static void askForAWhile(WatchedJvm jvm, int workers, int seconds) throws Exception {
        try (var clients = connected(jvm, workers)) {
            Thread.sleep(Duration.ofSeconds(seconds));
            clients.awaitMoreAnswers();
            assertNothingHappened(jvm, clients);
        }
    }

    private static void assertNothingHappened(WatchedJvm jvm, Clients clients) {
        jvm.assertNobodyIsCondemned();
        clients.assertNoneHasFailed();
        assertEquals(0, clients.askedAgain());
        System.out.println(clients.answered() + " answers, " + jvm.of("HeartbeatMissed ").size() + " looks missed");
    }

    private static void assertOneThatRunsAwayIsFound(WatchedJvm jvm, String kind, String thread) throws IOException {
        try (var asking = new HttpConnection(jvm.port)) {
            asking.send("/spin?kind=" + kind + "&on=" + thread);
            await().until(() -> !jvm.of("Exited ").isEmpty());
            assertEquals(1, jvm.of("BecameZombie ").size(), () -> jvm.lines.toString());
        }
    }
}
