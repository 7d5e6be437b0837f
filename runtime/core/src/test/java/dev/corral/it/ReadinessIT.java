package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Autopsy.Verdict;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker is ready when it serves, on every port; and one that does not serve at the moment is no zombie. */
class ReadinessIT {
    private static final HeartbeatPolicy OFTEN = HeartbeatPolicy.every(Duration.ofMillis(20))
            .withStartDeadline(Duration.ofMillis(100));
    /** Many times what makes a zombie of a worker that spins. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(500);

    @TempDir
    private Path gates;
    private final int port = Harness.freePort();

    private Program program(String kind, String... more) {
        List<String> args = new ArrayList<>(List.of(kind, Integer.toString(port), gates.toString()));
        args.addAll(List.of(more));
        return Harness.program("Gated", args.toArray(String[]::new));
    }

    private void open(String gate) throws IOException {
        Files.createFile(gates.resolve(gate));
    }

    private static UnaryOperator<ClusterConfig> watched(int workers) {
        return config -> config.withWorkers(workers).withHeartbeat(OFTEN);
    }

    /** As in plain Java: who connects before a server accepts is answered when it does. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "socket", "channel"})
    void shouldBeReadyWhenItAsksForConnectionsAndNotWhenItBinds(String kind) throws Exception {
        try (var it = new Harness(program(kind), watched(1));
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            await().until(() -> !it.of(ClusterEvent.Listening.class).isEmpty());
            var answer = clients.submit(() -> Client.ask(port));
            await().during(LONG_ENOUGH).until(() -> it.exits().isEmpty());
            assertEquals(WorkerState.ONLINE, it.worker(1).state());
            assertFalse(answer.isDone());
            open("start");
            assertEquals(1, answer.get());
            it.awaitReady(1);
            assertEquals(List.of(), it.of(ClusterEvent.BecameZombie.class));
        }
    }

    /**
     * A server without an executor: while one request takes its time, nothing else goes to it, and nobody waits for it.
     */
    @ParameterizedTest
    @ValueSource(strings = {"socket", "channel"})
    void shouldHandToOthersWhatABusyServerDoesNotTakeAndLetItAnswer(String kind) throws Exception {
        open("start");
        try (var it = new Harness(program(kind), watched(2))) {
            it.awaitReady(2);
            try (var busy = new Socket("127.0.0.1", port)) {
                busy.getOutputStream().write("WAIT\n".getBytes(StandardCharsets.US_ASCII));
                await().until(() -> it.cluster.stats().workers().stream()
                        .anyMatch(worker -> worker.traffic().accepted() == 1));
                Set<Integer> answered = new TreeSet<>();
                for (int i = 0; i < 20; i++) {
                    answered.add(Client.ask(port));
                }
                assertEquals(1, answered.size(), answered::toString);
                await().until(() -> !it.of(ClusterEvent.HeartbeatMissed.class).isEmpty());
                await().during(LONG_ENOUGH).until(() -> it.exits().isEmpty());
                open("answer");
                int slow = Client.ask(busy);
                assertFalse(answered.contains(slow));
                await().until(() -> Client.ask(port) == slow);
            }
        }
    }

    @Test
    void shouldLetAllWaitForTheOnlyServerWhileItIsBusy() throws Exception {
        open("start");
        try (var it = new Harness(program("socket"), watched(1));
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            it.awaitReady(1);
            try (var busy = new Socket("127.0.0.1", port)) {
                busy.getOutputStream().write("WAIT\n".getBytes(StandardCharsets.US_ASCII));
                await().until(() -> it.worker(1).stats().traffic().accepted() == 1);
                var answers = List.of(clients.submit(() -> Client.ask(port)), clients.submit(() -> Client.ask(port)));
                await().until(() -> !it.of(ClusterEvent.HeartbeatMissed.class).isEmpty());
                await().during(LONG_ENOUGH).until(() -> it.exits().isEmpty());
                open("answer");
                for (var answer : answers) {
                    assertEquals(1, answer.get());
                }
                assertEquals(1, Client.ask(busy));
            }
        }
    }

    @Test
    void shouldKillAServerThatTakesNothingForAsLongAsIsAskedFor() throws Exception {
        open("start");
        var strict = OFTEN.withNotServing(Duration.ofMillis(200));
        try (var it = new Harness(program("socket"), config -> config.withHeartbeat(strict))) {
            it.awaitReady(1);
            try (var busy = new Socket("127.0.0.1", port); var _ = new Socket("127.0.0.1", port)) {
                busy.getOutputStream().write("WAIT\n".getBytes(StandardCharsets.US_ASCII));
                assertNotServing(it.awaitExit(1));
            }
        }
    }

    /** That it is in a deadlock is known, and so is that it will not serve again. */
    @Test
    void shouldKillAServerWhoseThreadsWaitForEachOther() throws Exception {
        try (var it = new Harness(program("deadlock"), watched(1))) {
            it.awaitReady(1);
            try (var _ = new Socket("127.0.0.1", port); var _ = new Socket("127.0.0.1", port)) {
                assertNotServing(it.awaitExit(1));
            }
        }
    }

    private static void assertNotServing(Exit exit) {
        var zombie = assertInstanceOf(ExitReason.Zombie.class, exit.reason(), exit::toString);
        assertEquals(Verdict.NOT_SERVING, zombie.autopsy().verdict());
    }

    // ---- Several ports ----

    @Test
    void shouldKeepEveryPortServedDuringAReload() throws Exception {
        int second = Harness.freePort();
        try (var it = new Harness(program("two", Integer.toString(second)), config -> config.withWorkers(2))) {
            open("second-1");
            open("second-2");
            it.awaitReady(2);
            await().until(() -> it.of(ClusterEvent.Listening.class).size() == 4);
            CompletableFuture<ReloadResult> reload = it.cluster.reload();
            for (int fresh = 3; fresh <= 4; fresh++) {
                int id = fresh;
                await().until(() -> it.cluster.worker(id).map(Worker::state).orElse(null) == WorkerState.READY);
                for (int i = 0; i < 10; i++) {
                    assertTrue(Client.ask(second) < id);
                }
                assertEquals(WorkerState.READY, it.worker(id - 2).state());
                open("second-" + id);
            }
            assertInstanceOf(ReloadResult.Completed.class, reload.get());
            assertTrue(Client.ask(second) >= 3);
        }
    }

    @Test
    void shouldReloadCodeThatOpensAPortNoMore() throws Exception {
        int second = Harness.freePort();
        open("second-1");
        try (var it = new Harness(program("two", Integer.toString(second)),
                config -> config.withReload(ReloadPolicy.DEFAULT.withReadyWithin(Duration.ofSeconds(3))))) {
            await().until(() -> it.of(ClusterEvent.Listening.class).size() == 2);
            assertInstanceOf(ReloadResult.Completed.class, it.cluster.reload(program("one-of-two")).get());
            assertEquals(2, Client.ask(port));
            assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", second).close());
        }
    }

    // ---- Nobody follows ----

    @Test
    void shouldRefuseClientsWhileTheOnlyWorkerDrainsAndListenAgainAfterAFork() throws Exception {
        open("start");
        try (var it = new Harness(program("socket"), watched(1))) {
            it.awaitReady(1);
            try (var busy = new Socket("127.0.0.1", port)) {
                busy.getOutputStream().write("WAIT\n".getBytes(StandardCharsets.US_ASCII));
                await().until(() -> it.worker(1).stats().traffic().accepted() == 1);
                CompletableFuture<Exit> exit = it.worker(1).disconnect();
                await().until(this::cannotConnect);
                assertFalse(exit.isDone());
                open("answer");
                assertEquals(1, Client.ask(busy));
            }
            it.awaitExit(1);
            it.cluster.fork();
            it.awaitReady(1);
            assertEquals(2, Client.ask(port));
        }
    }

    @Test
    void shouldRefuseClientsAfterTheLastExitWhereNobodyForks() throws Exception {
        open("start");
        try (var it = new Harness(program("socket"), config -> config.withRestart(RestartPolicy.NEVER))) {
            it.awaitReady(1);
            it.worker(1).kill().get();
            await().until(this::isRefused);
        }
    }

    // ---- Many end at once ----

    /**
     * What follows the shutdown hooks is no part of their deadline: here two threads that no force ends, else a busy
     * machine.
     */
    @Test
    void shouldEndWithItsOwnCodeWhereItsThreadsTakeLongerThanItsHooksMay() throws Exception {
        var policy = new StopPolicy(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(4));
        try (var it = new Harness(program("deadlock"),
                config -> config.withHeartbeat(HeartbeatPolicy.OFF).withStop(policy))) {
            it.awaitReady(1);
            new Socket("127.0.0.1", port).close();
            it.awaitLine(1, "deadlocked");
            Exit exit = it.worker(1).disconnect().get();
            assertEquals(0, exit.code(), exit::toString);
            assertFalse(exit.abandonedThreads().isEmpty());
        }
    }

    /** {@code corral.idle.workers} is the number of workers. */
    @Test
    void shouldLetIdleWorkersEndWithTheirOwnCodeBesideThreadsThatSpin() throws Exception {
        int workers = Soak.number("corral.idle.workers", 12, 200);
        open("start");
        var over = new AtomicBoolean();
        try (var it = new Harness(program("socket"), config -> config.withWorkers(workers)
                .withReload(ReloadPolicy.DEFAULT.withReadyWithin(Harness.LONG)))) {
            it.awaitReady(workers);
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                Thread.ofPlatform().daemon().start(() -> {
                    while (!over.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            assertInstanceOf(ReloadResult.Completed.class, it.cluster.reload().get());
            assertEquals(workers, it.exits().size());
            assertEquals(List.of(), it.exits().stream().filter(exit -> exit.code() != 0).toList());
        } finally {
            over.set(true);
        }
    }

    private boolean cannotConnect() throws IOException {
        try (var _ = new Socket("127.0.0.1", port)) {
            return false; // it still gets what the kernel has accepted before it stops listening
        } catch (ConnectException e) {
            return true;
        }
    }

    /** Who was accepted by the kernel alone is cut off as well. */
    private boolean isRefused() throws IOException {
        try (var client = new Socket("127.0.0.1", port)) {
            client.setSoTimeout((int) Harness.LONG.toMillis());
            client.getInputStream().read();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeReadyOnReturnIfItServesMessagesOnlyUnlessItMustSaySo(boolean signal) throws Exception {
        try (var it = new Harness(Harness.program("Mail"),
                config -> config.withReadySignal(signal).withEnv(Map.of("DO", "serve-unsaid")))) {
            if (!signal) {
                it.awaitReady(1);
            }
            assertEquals(0, it.worker(1).ask("count", Integer.class, Harness.LONG));
            it.cluster.close();
            assertEquals(signal ? 0 : 1, it.of(ClusterEvent.Ready.class).size());
        }
    }
}
