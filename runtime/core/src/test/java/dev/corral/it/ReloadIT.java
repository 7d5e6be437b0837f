package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.CorralException;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.testing.Harness;
import dev.corral.testing.Reloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reloads of real workers under requests, to versions that are good, bad, late, or not there. */
class ReloadIT {
    private static final int WORKERS = 3;

    private final int port = Harness.freePort();
    @TempDir
    private Path directory;
    private Path jar;

    @BeforeEach
    void makeFirstVersion() throws IOException {
        jar = directory.resolve("app.jar");
        write("1 good");
    }

    /** Overwrites the jar. */
    private Program write(String version) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(TestJars.classFile("", "programs.Versioned"));
        entries.put("version", version.getBytes(StandardCharsets.UTF_8));
        TestJars.write(jar, Map.of("Main-Class", "programs.Versioned"), entries);
        return Program.jar(jar, Integer.toString(port));
    }

    private Harness open(UnaryOperator<ClusterConfig> configure) throws Exception {
        var it = new Harness(Program.jar(jar, Integer.toString(port)),
                config -> configure.apply(config.withWorkers(WORKERS)));
        it.awaitReady(WORKERS);
        return it;
    }

    /** Asks all the time, on new connections, and keeps what goes wrong. */
    private final class Clients implements AutoCloseable {
        final Set<String> versions = new ConcurrentSkipListSet<>();
        final List<Exception> failures = new CopyOnWriteArrayList<>();
        final AtomicInteger answers = new AtomicInteger();
        private volatile boolean stopped;
        private final List<Thread> threads;

        Clients() {
            threads = List.of(Thread.ofVirtual().start(this::run), Thread.ofVirtual().start(this::run));
        }

        private void run() {
            while (!stopped) {
                try {
                    versions.add(ask());
                    answers.incrementAndGet();
                    TimeUnit.MILLISECONDS.sleep(2);
                } catch (IOException e) {
                    failures.add(e);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        /** So many more answers come. */
        void awaitAnswers(int more) {
            int least = answers.get() + more;
            await().until(() -> answers.get() >= least);
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private String ask() throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) Harness.LONG.toMillis());
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String last = null;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                last = line;
            }
            if (last == null) {
                throw new IOException("no answer");
            }
            return last;
        }
    }

    private static Set<Program> programs(Harness it) {
        return Set.copyOf(it.cluster.workers().stream().map(Worker::program).toList());
    }

    @Test
    void shouldRunTheNewBytesOfAJarThatWasOverwrittenAndFailNoRequest() throws Exception {
        try (var it = open(config -> config)) {
            String before = it.cluster.program().fingerprint();
            try (var clients = new Clients()) {
                clients.awaitAnswers(20);
                assertEquals(Set.of("1"), clients.versions);
                write("2 good");
                var done = assertInstanceOf(ReloadResult.Completed.class, it.cluster.reload().get());
                assertEquals(WORKERS, done.replaced());
                assertEquals(it.cluster.program().fingerprint(), done.fingerprint());
                assertNotEquals(before, done.fingerprint());
                clients.versions.clear();
                clients.awaitAnswers(20);
                assertTrue(Set.of("1", "2").containsAll(clients.versions)); // one asked before may be told after
                clients.versions.clear();
                clients.awaitAnswers(20);
                assertEquals(Set.of("2"), clients.versions);
                assertEquals(List.of(), clients.failures);
            }
            assertEquals(Set.of(it.cluster.program()), programs(it));
            assertEquals(WORKERS, it.exits().size());
            assertTrue(it.exits().stream().allMatch(exit -> exit.code() == 0
                    && exit.reason() instanceof ExitReason.Replaced(String why)
                    && why.contains(", reload to app@")), it.exits()::toString);
            assertEquals(1, it.of(ClusterEvent.Reloaded.class).size());
        }
    }

    @ParameterizedTest
    @CsvSource({"throws, 'crashed, java.lang.IllegalStateException: version 2 is broken, before it was ready'",
            "exits, 'completed with 3, before it was ready'", "completes, 'completed with 0, before it was ready'",
            "never-listens, was not ready within 2 s", "hangs, was not ready within 2 s",
            "spins, was not ready within 2 s"})
    void shouldServeOnWithTheOldCodeAndTellWhatIsWrongWithTheNewOne(String what, String why) throws Exception {
        try (var it = open(config -> config.withReload(ReloadPolicy.DEFAULT.withReadyWithin(Duration.ofSeconds(2))));
                var clients = new Clients()) {
            Program before = it.cluster.program();
            Program broken = write("2 " + what);
            var aborted = assertInstanceOf(ReloadResult.Aborted.class, it.cluster.reload(broken).get());
            assertEquals(0, aborted.slot());
            assertTrue(aborted.why().endsWith(why), aborted.why());
            assertEquals(WORKERS + 1L, aborted.exit().orElseThrow().worker());
            clients.awaitAnswers(20);
            assertEquals(Set.of("1"), clients.versions);
            assertEquals(List.of(), clients.failures);
            assertEquals(List.of(1L, 2L, 3L), it.cluster.workers().stream().map(Worker::id).toList());
            assertEquals(before, it.cluster.program());
        }
    }

    @Test
    void shouldWaitForAVersionThatListensLate() throws Exception {
        try (var it = open(config -> config); var clients = new Clients()) {
            Program late = write("2 listens-late");
            assertInstanceOf(ReloadResult.Completed.class, it.cluster.reload(late).get());
            assertEquals(Set.of(late), programs(it));
            clients.awaitAnswers(20);
            assertEquals(List.of(), clients.failures);
        }
    }

    @Test
    void shouldGoBackWhenTheCanaryIsKilledWhileItBakes() throws Exception {
        try (var it = open(config -> config.withReload(ReloadPolicy.DEFAULT.withBake(Duration.ofHours(1))));
                var clients = new Clients()) {
            CompletableFuture<ReloadResult> future = it.cluster.reload(write("2 good"));
            await().until(() -> clients.versions.contains("2"));
            assertEquals(Set.of("1", "2"), clients.versions);
            await().until(() -> it.cluster.slot(0).orElseThrow().id() > WORKERS); // it may answer a moment before it has the slot
            Worker canary = it.cluster.slot(0).orElseThrow();
            canary.replace().handle((_, e) -> e); // waits for its turn, and does not disturb
            canary.kill();
            var aborted = assertInstanceOf(ReloadResult.Aborted.class, future.get());
            assertEquals(canary.id(), aborted.exit().orElseThrow().worker());
            it.awaitReady(WORKERS);
            assertEquals(Set.of(it.cluster.program()), programs(it));
            assertEquals("1", ask());
        }
    }

    @Test
    void shouldDoTwoReloadsOneAfterTheOther() throws Exception {
        try (var it = open(config -> config)) {
            CompletableFuture<ReloadResult> first = it.cluster.reload(write("2 good"));
            CompletableFuture<ReloadResult> second = it.cluster.reload(write("3 good"));
            assertInstanceOf(ReloadResult.Completed.class, second.get());
            assertTrue(first.isDone());
            assertEquals("3", ask());
            assertEquals(Set.of(it.cluster.program()), programs(it));
            assertEquals(WORKERS, it.cluster.workers().size());
            assertEquals(3 * WORKERS, it.cluster.stats().forks());
        }
    }

    @Test
    void shouldHaveTheRightWorkersAfterReloadsAmongKills() throws Exception {
        var policy = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1_000_000, Harness.LONG);
        try (var it = open(config -> config.withRestart(policy))) {
            for (int version = 2; version <= 6; version++) {
                CompletableFuture<ReloadResult> future = it.cluster.reload(write(version + " good"));
                while (!future.isDone()) {
                    it.cluster.workers().stream().skip(version % WORKERS).findFirst()
                            .ifPresent(worker -> worker.kill().join());
                }
                assertTrue(future.get() != null);
            }
            it.awaitReady(WORKERS);
            await().until(() -> it.cluster.workers().size() == WORKERS);
            assertEquals(Set.of(it.cluster.program()), programs(it));
        }
    }

    @Test
    void shouldCloseDuringAReload() throws Exception {
        CompletableFuture<ReloadResult> future;
        CompletableFuture<ReloadResult> second;
        Cluster cluster;
        try (var it = open(config -> config)) {
            cluster = it.cluster;
            future = cluster.reload(write("2 never-listens"));
            second = cluster.reload(write("3 good"));
            await().until(() -> cluster.workers().size() > WORKERS);
        }
        for (CompletableFuture<ReloadResult> each : List.of(future, second, cluster.reload())) {
            assertEquals("the cluster was closed",
                    assertInstanceOf(ReloadResult.Aborted.class, each.get(60, TimeUnit.SECONDS)).why());
        }
        assertEquals(List.of(), cluster.workers());
    }

    @Test
    void shouldScaleUnderRequests() throws Exception {
        try (var it = open(config -> config); var clients = new Clients()) {
            it.cluster.scale(5).get();
            assertEquals(5, it.cluster.stats().ready());
            it.cluster.scale(1).get();
            assertEquals(List.of(1L), it.cluster.workers().stream().map(Worker::id).toList());
            clients.awaitAnswers(20);
            assertEquals(List.of(), clients.failures);
        }
    }

    @Test
    void shouldRefuseToReloadWhatIsNotThere() throws Exception {
        try (var it = open(config -> config)) {
            Files.delete(jar);
            var e = assertThrows(CorralException.class, it.cluster::reload);
            assertEquals("no file " + jar, e.getMessage());
            assertEquals("1", ask());
        }
    }

    /** These tests run in a JVM that uses SIGUSR2 itself. */
    @Test
    void shouldRefuseSigusr2WhereItWouldBreakJfr() {
        assertFalse(Cluster.capabilities().contains(Capability.RELOAD_SIGNAL));
        var e = assertThrows(CorralException.class,
                () -> Cluster.open(Program.jar(jar), config -> config.withReloadSignal(true)));
        assertTrue(e.getMessage().contains("_JAVA_SR_SIGNUM"), e.getMessage());
    }
}
