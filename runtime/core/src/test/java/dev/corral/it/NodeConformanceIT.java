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
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scenarios of Node's own tests about settings, the worker object and the life cycle, each under the name of its file
 * there. {@code runtime/docs/node.md} says which scenarios hold as they are, which with a change, and which do not.
 */
class NodeConformanceIT extends NodeScenario {
    /** What a listener sees during its call. */
    private record Seen(String event, WorkerState state, boolean listed) {
        static String name(ClusterEvent event) {
            return event.getClass().getSimpleName();
        }
    }

    private static List<String> names(List<ClusterEvent> events) {
        return events.stream().map(Seen::name).toList();
    }

    @Test
    @DisplayName("parallel/test-cluster-setup-primary.js")
    void testClusterSetupPrimary() {
        try (var it = node(Harness.program("Probe", "args", "custom", "argument"), config -> config.withWorkers(2))) {
            for (int id = 1; id <= 2; id++) { // silent: workers print into the sink of the cluster
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
            for (ClusterConfig config : seen) { // a later call overrides only the settings that it names
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

    /** One worker disconnects itself. The other one exits right after that. Both exits are voluntary. */
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
            Exit forced = it.worker(2).kill().get(); // in place of a channel that is lost without consent
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
     * Runs the embedding program in another JVM. That JVM ends only if no thread of a worker or of the master is left.
     * Checks that the shutdown hooks of the workers have run.
     *
     * @return the exit code
     */
    private static int runEmbedding(String how) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Soak.compiler(), "@" + Path.of("..", "jvm.flags"), "-cp", System.getProperty("java.class.path"),
                "programs.Embedding", how, Harness.testClasses().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            while (!Set.copyOf(lines).containsAll(List.of("open", "Probe#1 | hooked", "Probe#2 | hooked"))) {
                String line = out.readLine();
                assertTrue(line != null, lines.toString());
                lines.add(line);
            }
            process.getOutputStream().write('x');
            process.getOutputStream().close();
            List<String> last = out.lines().collect(Collectors.toList());
            assertTrue(last.containsAll(List.of("Probe#1 | hook one", "Probe#2 | hook one")), last.toString());
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }
}
