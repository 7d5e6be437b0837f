package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Subscription;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.testing.Harness;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The life of real workers: order of events, ends of all kinds, listeners that misbehave, several clusters. */
@Tag("c2")
class LifecycleIT {
    @Test
    void shouldGiveUpOnAProgramThatThrowsAtOnceAndSayWhy() throws Exception {
        var policy =
                RestartPolicy.DEFAULT.withBackoff(Backoff.fixed(Duration.ofMillis(1))).withIntensity(5, Harness.LONG);
        try (var it = Harness.probe(config -> config.withRestart(policy), "throw")) {
            assertFalse(it.cluster.awaitClosed());
            await().until(() -> it.of(ClusterEvent.GaveUp.class).size() == 1);
            var gaveUp = it.of(ClusterEvent.GaveUp.class).getFirst();
            assertEquals(5, gaveUp.restarts());
            assertEquals("boom",
                    assertInstanceOf(ExitReason.Crashed.class, gaveUp.last().reason()).failure().message());
            assertEquals(6, it.exits().size());
            assertFalse(it.cluster.awaitReady(1, Harness.LONG));
            assertFalse(it.cluster.stats().isLive());
        }
    }

    /** At any moment of a crash loop. */
    @Test
    void shouldCloseAClusterWhoseWorkersCrashAllTheTime() {
        var policy = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1_000_000, Harness.LONG);
        for (int i = 0; i < 20; i++) {
            int restarts = i;
            try (var it = Harness.probe(config -> config.withWorkers(3).withRestart(policy), "throw")) {
                await().until(() -> it.cluster.stats().restarts() >= restarts);
            }
        }
    }

    @Test
    void shouldEndTheMainThreadWhenMainReturns() {
        try (var it =
                new Harness(Harness.program("Joins", "thread"), config -> config.withRestart(RestartPolicy.NEVER))) {
            assertEquals(0, it.awaitExit(1).code());
            assertEquals(List.of("main has ended"), it.linesOf(1));
        }
        try (var it = new Harness(Harness.program("Joins", "hook"), config -> config)) {
            it.awaitLine(1, "up");
            it.close();
            assertEquals(0, it.awaitExit(1).code());
            assertEquals(List.of("up", "main has ended"), it.linesOf(1));
        }
    }

    @Test
    void shouldKillAWorkerThatSpins() throws Exception {
        try (var it = Harness.probe("spin")) {
            it.awaitLine(1, "spinning");
            Exit exit = it.worker(1).kill().get();
            assertEquals(137, exit.code());
            assertInstanceOf(ExitReason.Killed.class, exit.reason());
            assertEquals(List.of(), exit.abandonedThreads());
            it.awaitLine(2, "spinning");
            assertEquals(137, it.worker(2).kill().get().code());
        }
    }

    @Test
    void shouldDisconnectAllAndStayOpen() throws Exception {
        try (var it = Harness.probe(config -> config.withWorkers(3), "wait")) {
            for (int id = 1; id <= 3; id++) {
                it.awaitLine(id, "waiting");
            }
            it.cluster.disconnect().get();
            assertEquals(List.of(), it.cluster.workers());
            assertEquals(0, it.cluster.stats().slots());
            Worker fresh = it.cluster.fork();
            assertEquals(4, fresh.id());
            assertEquals(0, fresh.slot());
            it.awaitLine(4, "waiting");
        }
    }

    @Test
    void shouldLetListenersThrowBlockAndCloseWithoutHarmToAnybody() throws Exception {
        var release = new CountDownLatch(1);
        var refused = new AtomicReference<Throwable>();
        try (var it = Harness.probe(config -> config.withListener(_ -> {
            throw new IllegalStateException("listener");
        }), "wait")) {
            it.cluster.on(ClusterEvent.Exited.class, _ -> {
                try {
                    it.cluster.close();
                } catch (IllegalStateException e) {
                    refused.set(e);
                }
            });
            it.cluster.on(ClusterEvent.Exited.class, _ -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            for (int id = 1; id <= 5; id++) {
                it.awaitLine(id, "waiting");
                it.worker(id).kill().get();
            }
            assertInstanceOf(IllegalStateException.class, refused.get());
            await().until(() -> it.exits().size() == 5); // futures come before listeners
            it.awaitLine(6, "waiting");
        } finally {
            release.countDown();
        }
    }

    @Test
    void shouldRefuseToBlockTheEventThread() throws Exception {
        try (var it = Harness.probe("wait")) {
            var thrown = new CompletableFuture<Throwable>();
            Subscription subscription = it.cluster.on(ClusterEvent.Exited.class, _ -> {
                try {
                    it.cluster.awaitReady(1, Harness.LONG);
                    thrown.complete(null);
                } catch (IllegalStateException | InterruptedException e) {
                    thrown.complete(e);
                }
            });
            it.awaitLine(1, "waiting");
            it.worker(1).kill();
            assertInstanceOf(IllegalStateException.class, thrown.get());
            subscription.close();
        }
    }

    /** X15 of the list of what Node has no test for. */
    @Test
    void shouldKeepTwoClustersApart() throws Exception {
        try (var one = Harness.probe("wait"); var two = Harness.probe("wait")) {
            one.awaitLine(1, "waiting");
            two.awaitLine(1, "waiting");
            one.cluster.close();
            assertThrows(IllegalStateException.class, one.cluster::fork);
            assertTrue(one.cluster.awaitClosed());
            await().until(() -> two.worker(1).state() == WorkerState.ONLINE); // it may print before that is known
            two.cluster.fork();
            two.awaitLine(2, "waiting");
        }
    }

    @Test
    void shouldCloseTwiceAndFromManyThreads() throws Exception {
        var it = Harness.probe(config -> config.withWorkers(2), "wait");
        List<Thread> closers = List.of(Thread.ofPlatform().start(it::close), Thread.ofVirtual().start(it::close),
                Thread.ofPlatform().start(it::close));
        for (Thread closer : closers) {
            assertTrue(closer.join(Harness.LONG));
        }
        it.close();
        assertEquals(List.of(), it.cluster.workers());
    }

    @Test
    void shouldKillWhenCloseIsInterruptedAndKeepTheInterrupt() throws Exception {
        var it = Harness.probe("slow-hook");
        it.awaitLine(1, "hooked");
        var kept = new CompletableFuture<Boolean>();
        Thread closer = Thread.ofPlatform().start(() -> {
            it.close();
            kept.complete(Thread.currentThread().isInterrupted());
        });
        it.awaitLine(1, "hook begins");
        closer.interrupt();
        assertTrue(kept.get());
        assertEquals(137, it.exits().getFirst().code());
    }

    @Test
    void shouldRunOnAfterTheFileOfTheProgramIsOverwritten(
            @org.junit.jupiter.api.io.TempDir java.nio.file.Path directory)
            throws Exception {
        var jar = TestJars.of(directory.resolve("app.jar"), "programs.Lazy", "programs.Lazy", "programs.Lazy$Later");
        Program program = Program.jar(jar);
        assertEquals("app", program.name());
        String fingerprint = program.fingerprint();
        try (var it = new Harness(program, config -> config)) {
            it.awaitLine(1, "early");
            java.nio.file.Files.writeString(jar, "overwritten");
            it.worker(1).kill().get(); // its successor loads everything anew, and that class for the first time
            it.awaitLine(2, "later");
        }
        assertEquals(fingerprint, program.fingerprint());
        assertThrows(dev.corral.CorralException.class, () -> Program.jar(jar));
    }

    @Test
    void shouldRefuseToOpenWithoutWhatIsRequired() {
        Set<Capability> withoutAgent =
                EnumSet.complementOf(EnumSet.of(Capability.LATE_WEAVING, Capability.RELOAD_SIGNAL));
        assertEquals(withoutAgent, Cluster.capabilities());
        // That one is refused where it is absent is a test of its own, in a JVM without flags: CapabilitiesIT.
        try (var it = Harness.probe(config -> config.withRequired(withoutAgent.toArray(Capability[]::new)), "wait")) {
            it.awaitLine(1, "waiting");
        }
    }

    @Test
    void shouldFailOnReadyOfAWorkerThatEndsBefore() throws Exception {
        try (var it = Harness.probe(config -> config.withRestart(RestartPolicy.NEVER), "exit", "7")) {
            Worker worker = it.cluster.workers().isEmpty() ? null : it.cluster.workers().getFirst();
            if (worker != null) {
                assertThrows(ExecutionException.class, () -> worker.onReady().get());
                assertEquals(7, worker.onExit().get().code());
            }
            assertEquals(7, it.awaitExit(1).code());
        }
    }
}
