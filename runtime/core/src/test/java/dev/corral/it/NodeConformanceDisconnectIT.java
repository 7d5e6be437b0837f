package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.testing.Harness;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Scenarios of Node's own tests about the disconnect of workers, each under the name of its file there. */
class NodeConformanceDisconnectIT extends NodeScenario {
    @Test
    @DisplayName("parallel/test-cluster-disconnect.js")
    void testClusterDisconnect() throws Exception {
        try (var it = node(Harness.program("TwoServers", "0", "0"), config -> config.withWorkers(0))) {
            for (int round = 0; round < 2; round++) {
                List<Worker> workers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    workers.add(it.cluster.fork());
                }
                it.awaitReady(8);
                for (Worker worker : workers) {
                    String[] ports = it.awaitLine(worker.id(), line -> line.startsWith("ports ")).split(" ");
                    for (String each : List.of(ports[1], ports[2])) {
                        assertTrue(Harness.get(Integer.parseInt(each), "/").startsWith("hello from worker "));
                    }
                }
                it.cluster.disconnect().get();
                assertTrue(workers.stream().allMatch(worker -> worker.state() == WorkerState.EXITED));
                assertEquals(List.of(), it.cluster.workers());
            }
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-disconnect-before-exit.js")
    void testClusterDisconnectBeforeExit() throws Exception {
        var done = new CompletableFuture<Void>();
        try (var it = node("leave-when-listening", 1)) {
            it.cluster.on(ClusterEvent.Disconnected.class,
                    _ -> it.cluster.disconnect().thenAccept(done::complete));
            it.awaitExit(1);
            if (it.of(ClusterEvent.Disconnected.class).size() == 1 && !done.isDone()) {
                it.cluster.disconnect().thenAccept(done::complete); // the worker ended before the listener was added
            }
            done.get();
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-disconnect-exitedAfterDisconnect-race.js")
    void testClusterDisconnectExitedAfterDisconnectRace() {
        var voluntary = new CompletableFuture<Boolean>();
        try (var it = node(Harness.program("Conforming", "leave-when-listening", Integer.toString(port)),
                config -> config.withListener(event -> {
                    if (event instanceof ClusterEvent.Exited e) {
                        voluntary.complete(e.exit().reason().voluntary());
                    }
                }))) {
            assertTrue(voluntary.join());
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-disconnect-idle-worker.js")
    void testClusterDisconnectIdleWorker() throws Exception {
        try (var it = node(Harness.program("Probe", "sleep"), config -> config.withWorkers(0))) {
            it.cluster.fork();
            it.cluster.fork();
            List<Worker> left = it.cluster.disconnect().thenApply(_ -> it.cluster.workers()).get();
            assertEquals(List.of(), left);
            assertEquals(2, it.exits().size());
        }
    }

    /** The disconnect comes at different moments of a worker's start. */
    @Test
    @DisplayName("parallel/test-cluster-disconnect-leak.js")
    void testClusterDisconnectLeak() throws Exception {
        try (var it = node("listen", 0)) {
            for (int i = 1; i <= 30; i++) {
                Worker worker = it.cluster.fork();
                if (i % 3 > 0) { // immediately, or when the worker is online, or when it listens
                    int events = i % 3;
                    await().until(() -> it.events.stream().filter(e -> isOf(worker, e)).count() > events);
                }
                assertEquals(0, worker.disconnect().get().code());
                await().until(() -> it.exits().stream().anyMatch(exit -> exit.worker() == worker.id()));
                assertEquals(1, it.of(ClusterEvent.Disconnected.class).stream()
                        .filter(e -> e.worker() == worker).count());
            }
            try (var again = new ServerSocket()) { // the port is free
                again.setReuseAddress(true);
                again.bind(new InetSocketAddress(port));
            }
        }
    }

    private static boolean isOf(Worker worker, ClusterEvent event) {
        return switch (event) {
            case ClusterEvent.Forked e -> e.worker() == worker;
            case ClusterEvent.Online e -> e.worker() == worker;
            case ClusterEvent.Listening e -> e.worker() == worker;
            default -> false;
        };
    }

    @Test
    @DisplayName("parallel/test-cluster-disconnect-race.js")
    void testClusterDisconnectRace() throws Exception {
        try (var it = node(Harness.program("Conforming", "listen", Integer.toString(port)),
                config -> config.withWorkers(0).withListener(event -> {
                    if (event instanceof ClusterEvent.Online e && e.worker().id() == 2) {
                        e.worker().disconnect();
                    }
                }))) {
            it.cluster.fork();
            it.awaitReady(1);
            it.cluster.fork();
            assertEquals(0, it.awaitExit(2).code());
            assertEquals(WorkerState.READY, it.worker(1).state());
            it.cluster.disconnect().get();
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-disconnect-unshared-tcp.js")
    void testClusterDisconnectUnsharedTcp() throws Exception {
        try (var it = node("listen-in-second", 2)) {
            it.awaitReady(1);
            assertEquals(0, it.worker(1).disconnect().get().code());
            assertEquals(WorkerState.READY, it.worker(2).state());
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            assertEquals(0, it.worker(2).disconnect().get().code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-disconnect-with-no-workers.js")
    void testClusterDisconnectWithNoWorkers() throws Exception {
        try (var it = node(Harness.program("Probe", "wait"), config -> config.withWorkers(0))) {
            var caller = Thread.currentThread();
            var thread = new CompletableFuture<Thread>();
            it.cluster.on(ClusterEvent.Exited.class, _ -> it.cluster.disconnect()
                    .thenRun(() -> thread.complete(Thread.currentThread())));
            Worker worker = it.cluster.fork();
            it.awaitLine(1, "waiting");
            worker.disconnect();
            assertTrue(thread.get() != caller);
            it.cluster.disconnect().get();
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-worker-disconnect.js")
    void testClusterWorkerDisconnect() throws Exception {
        var state = new AtomicReference<WorkerState>();
        try (var it = node("choose-code", 1)) {
            it.cluster.on(ClusterEvent.Disconnected.class, e -> state.set(e.worker().state()));
            it.awaitReady(1);
            Exit exit = it.worker(1).disconnect().get();
            assertTrue(it.linesOf(1).contains("asked to leave")); // as the worker sees it
            await().until(() -> state.get() != null);
            assertFalse(state.get().isConnected());
            assertTrue(exit.reason().voluntary());
            assertEquals(42, exit.code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-worker-disconnect-on-error.js")
    void testClusterWorkerDisconnectOnError() throws Exception {
        try (var taken = new ServerSocket(port); var it = node("leave-on-error", 1)) {
            assertEquals(port, taken.getLocalPort());
            Exit exit = it.awaitExit(1);
            assertTrue(it.linesOf(1).contains("Address already in use"), it.lines.toString());
            assertTrue(exit.reason().voluntary());
            assertEquals(0, exit.code());
        }
    }
}
