package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scenarios of Node's own cluster tests, each under the name of the file there. Which hold as they are, which with a
 * change, and which not: {@code runtime/docs/node.md}.
 */
class NodeConformanceIT {
    private final int port = Harness.freePort();

    /** As in Node nobody restarts. */
    private static Harness node(Program program, UnaryOperator<ClusterConfig> configure) {
        return new Harness(program, config -> configure.apply(config.withRestart(RestartPolicy.NEVER)));
    }

    private Harness node(String what, int workers) {
        return node(Harness.program("Conforming", what, Integer.toString(port)), config -> config.withWorkers(workers));
    }

    /** What a listener sees while it is called. */
    private record Seen(String event, WorkerState state, boolean listed) {
        static String name(ClusterEvent event) {
            return event.getClass().getSimpleName();
        }
    }

    private static List<String> names(List<ClusterEvent> events) {
        return events.stream().map(Seen::name).toList();
    }

    // ---- settings ----

    @Test
    @DisplayName("parallel/test-cluster-setup-primary.js")
    void testClusterSetupPrimary() {
        try (var it = node(Harness.program("Probe", "args", "custom", "argument"), config -> config.withWorkers(2))) {
            for (int id = 1; id <= 2; id++) { // silent: they print into the cluster's sink
                it.awaitLine(id, "[args, custom, argument]");
            }
            assertEquals(List.of("args", "custom", "argument"), it.cluster.program().args());
            assertEquals("it", it.cluster.config().name());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-setup-primary-argv.js")
    void testClusterSetupPrimaryArgv() {
        String[] args = {"args", "at that time"};
        Program program = Harness.program("Probe", args);
        args[1] = "changed later";
        try (var it = node(program, config -> config)) {
            it.awaitLine(1, "[args, at that time]");
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-setup-primary-cumulative.js")
    void testClusterSetupPrimaryCumulative() {
        var seen = new ArrayList<ClusterConfig>();
        try (var it = node(Harness.program("Probe", "wait"), config -> {
            seen.add(config);
            seen.add(config.withCarriers(2));
            seen.add(config.withCarriers(2).withEnv(Map.of("K", "V")).withCarriers(3));
            return config;
        })) {
            assertEquals(1, seen.get(0).carriers());
            assertEquals(2, seen.get(1).carriers());
            assertEquals(3, seen.get(2).carriers());
            assertEquals(Map.of("K", "V"), seen.get(2).env());
            for (ClusterConfig config : seen) { // a later call overrides what it names, and nothing else
                assertEquals(it.cluster.config().name(), config.name());
                assertEquals(it.cluster.config().stop(), config.stop());
                assertEquals(RestartPolicy.NEVER, config.restart());
            }
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-fork-env.js")
    void testClusterForkEnv() {
        try (var it = node(Harness.program("Probe", "identity"),
                config -> config.withWorkers(0).withEnv(Map.of("OWN", "of all")))) {
            it.cluster.fork(Map.of("OWN", "of the first"));
            it.cluster.fork();
            assertTrue(it.awaitLine(1, line -> line.startsWith("id 1 ")).contains(" own of the first "));
            assertTrue(it.awaitLine(2, line -> line.startsWith("id 2 ")).contains(" own of all "));
        }
    }

    // ---- worker object ----

    @Test
    @DisplayName("parallel/test-cluster-worker-constructor.js")
    void testClusterWorkerConstructor() {
        try (var it = node(Harness.program("Probe", "wait"), config -> config.withWorkers(0))) {
            Worker worker = it.cluster.fork();
            assertEquals(1, worker.id());
            assertEquals(0, worker.slot());
            assertTrue(Set.of(WorkerState.STARTING, WorkerState.ONLINE).contains(worker.state()));
            assertFalse(worker.onExit().isDone());
            assertEquals(it.cluster.program(), worker.program());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-worker-isconnected.js")
    void testClusterWorkerIsConnected() throws Exception {
        var connected = new AtomicReference<Boolean>();
        try (var it = node("listen", 1)) {
            it.cluster.on(ClusterEvent.Disconnected.class, e -> connected.set(e.worker().state().isConnected()));
            Worker worker = it.cluster.workers().getFirst();
            assertTrue(worker.state().isConnected());
            it.awaitReady(1);
            assertTrue(worker.state().isConnected());
            worker.disconnect().get();
            await().until(() -> connected.get() != null);
            assertFalse(connected.get());
        }
    }

    // ---- life cycle ----

    @Test
    @DisplayName("parallel/test-cluster-basic.js")
    void testClusterBasic() throws Exception {
        var seen = new CopyOnWriteArrayList<Seen>();
        try (var it = node(Harness.program("Conforming", "listen", Integer.toString(port)),
                config -> config.withWorkers(0))) {
            it.cluster.on(ClusterEvent.Exited.class,
                    e -> seen.add(new Seen(Seen.name(e), e.worker().state(), it.cluster.worker(1).isPresent())));
            Worker worker = it.cluster.fork();
            assertEquals(1, worker.id());
            assertEquals(List.of(worker), it.cluster.workers());
            it.awaitReady(1);
            assertEquals(WorkerState.READY, worker.state());
            Exit exit = worker.kill().get();
            await().until(() -> !seen.isEmpty());
            assertEquals(new Seen("Exited", WorkerState.EXITED, false), seen.getFirst());
            assertEquals(137, exit.code());
            assertEquals(List.of("Forked", "Online", "Listening", "Ready", "Disconnected", "Exited"),
                    names(it.events));
            InetSocketAddress address = it.of(ClusterEvent.Listening.class).getFirst().address();
            assertEquals(port, address.getPort());
            assertTrue(address.getAddress().isAnyLocalAddress());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-worker-exit.js")
    void testClusterWorkerExit() {
        var states = new CopyOnWriteArrayList<WorkerState>();
        try (var it = node(Harness.program("Conforming", "exit-when-listening", Integer.toString(port)),
                config -> config.withListener(event -> {
                    if (event instanceof ClusterEvent.Disconnected e) {
                        states.add(e.worker().state());
                    }
                }))) {
            Exit exit = it.awaitExit(1);
            assertEquals(42, exit.code());
            assertFalse(exit.reason().voluntary());
            assertEquals(1, it.of(ClusterEvent.Disconnected.class).size());
            assertEquals(1, it.of(ClusterEvent.Exited.class).size());
            assertFalse(states.getFirst().isConnected());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-worker-kill-signal.js")
    void testClusterWorkerKillSignal() throws Exception {
        var listed = new AtomicReference<List<Worker>>();
        try (var it = node("listen", 1)) {
            it.cluster.on(ClusterEvent.Exited.class, _ -> listed.set(it.cluster.workers()));
            it.awaitReady(1);
            Exit exit = it.worker(1).kill().get();
            await().until(() -> listed.get() != null);
            assertInstanceOf(ExitReason.Killed.class, exit.reason());
            assertEquals(137, exit.code());
            assertEquals(List.of(), listed.get());
        }
    }

    /** The first one disconnects inside, the second one exits right after it has: both were wanted. */
    @ParameterizedTest
    @DisplayName("parallel/test-cluster-kill-disconnect.js")
    @ValueSource(strings = {"leave", "leave-and-exit"})
    void testClusterKillDisconnect(String how) {
        try (var it = node(how, 1)) {
            Exit exit = it.awaitExit(1);
            assertTrue(exit.reason().voluntary(), exit.toString());
            assertEquals(0, exit.code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-call-and-destroy.js")
    void testClusterCallAndDestroy() {
        try (var it = node(Harness.program("Conforming", "leave", "0"), config -> config.withListener(event -> {
            if (event instanceof ClusterEvent.Disconnected e) {
                e.worker().kill();
            }
        }))) {
            Exit exit = it.awaitExit(1);
            assertTrue(exit.reason().voluntary(), exit.toString());
            assertEquals(1, it.of(ClusterEvent.Disconnected.class).size());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-worker-forced-exit.js")
    void testClusterWorkerForcedExit() throws Exception {
        try (var it = node("choose-code", 2)) {
            it.awaitReady(2);
            assertEquals(42, it.worker(1).disconnect().get().code());
            Exit forced = it.worker(2).kill().get(); // the loss of the channel without consent
            assertEquals(137, forced.code());
            assertFalse(forced.reason().voluntary());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-worker-no-exit.js")
    void testClusterWorkerNoExit() throws Exception {
        try (var server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                var it = node("stay-while-connected", 1);
                Socket connection = server.accept()) {
            it.awaitLine(1, "connected");
            CompletableFuture<Exit> exit = it.worker(1).disconnect();
            it.awaitLine(1, "draining");
            assertFalse(exit.isDone());
            assertEquals(WorkerState.DRAINING, it.worker(1).state());
            connection.getOutputStream().write(7);
            assertEquals(0, exit.get().code());
            assertTrue(it.linesOf(1).contains("read 7"));
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-primary-error.js")
    void testClusterPrimaryError() throws Exception {
        assertEquals(1, runEmbedding("throw"));
    }

    @Test
    @DisplayName("parallel/test-cluster-primary-kill.js")
    void testClusterPrimaryKill() throws Exception {
        assertEquals(5, runEmbedding("exit"));
    }

    /**
     * In a JVM of its own, which ends only if no thread of a worker or of the master is left. Hooks of workers have
     * run.
     */
    private static int runEmbedding(String how) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("..", "jvm.flags"), "-cp", System.getProperty("java.class.path"),
                "programs.Embedding", how, Harness.testClasses().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            while (!Set.copyOf(lines).containsAll(List.of("open", "Probe/0 | hooked", "Probe/1 | hooked"))) {
                String line = out.readLine();
                assertTrue(line != null, lines.toString());
                lines.add(line);
            }
            process.getOutputStream().write('x');
            process.getOutputStream().close();
            List<String> last = out.lines().collect(Collectors.toList());
            assertTrue(last.containsAll(List.of("Probe/0 | hook one", "Probe/1 | hook one")), last.toString());
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    // ---- disconnect ----

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
                it.cluster.disconnect().thenAccept(done::complete); // it was gone before the listener came
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

    /** A disconnect that comes at any moment of a worker's start. */
    @Test
    @DisplayName("parallel/test-cluster-disconnect-leak.js")
    void testClusterDisconnectLeak() throws Exception {
        try (var it = node("listen", 0)) {
            for (int i = 1; i <= 30; i++) {
                Worker worker = it.cluster.fork();
                if (i % 3 > 0) { // at once, or when it is online, or when it listens
                    int events = i % 3;
                    await().until(() -> it.events.stream().filter(e -> isOf(worker, e)).count() > events);
                }
                assertEquals(0, worker.disconnect().get().code());
                await().until(() -> it.exits().stream().anyMatch(exit -> exit.worker() == worker.id()));
                assertEquals(1, it.of(ClusterEvent.Disconnected.class).stream()
                        .filter(e -> e.worker() == worker).count());
            }
            try (var again = new ServerSocket()) { // nothing holds the port
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
            assertTrue(it.linesOf(1).contains("asked to leave")); // the worker's side
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
