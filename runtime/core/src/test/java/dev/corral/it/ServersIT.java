package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import java.io.File;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which a program can serve a port. */
class ServersIT {
    private final int port = Harness.freePort();

    private Harness servers(UnaryOperator<ClusterConfig> configure, String kind, String... more) {
        String[] args = new String[more.length + 2];
        args[0] = kind;
        args[1] = Integer.toString(port);
        System.arraycopy(more, 0, args, 2, more.length);
        return new Harness(Harness.program("Servers", args), configure);
    }

    private static UnaryOperator<ClusterConfig> workers(int workers) {
        return config -> config.withWorkers(workers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "timeout", "subclass", "factory", "constructor-reference"})
    void shouldShareAPortHoweverItIsServed(String kind) throws Exception {
        try (var it = servers(workers(3), kind)) {
            it.awaitReady(3);
            assertEquals(Map.of(1, 20, 2, 20, 3, 20), Client.count(60, () -> Client.ask(port)));
            if (kind.equals("timeout")) {
                for (int id = 1; id <= 3; id++) {
                    assertTrue(it.linesOf(id).contains("Accept timed out")
                            || it.worker(id).stats().traffic().accepted() > 0);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "https"})
    void shouldShareAPortUnderTls(String kind, @TempDir Path directory) throws Exception {
        try (var it = servers(workers(3), kind, KeyStores.make(directory).toString())) {
            it.awaitReady(3);
            assertEquals(Map.of(1, 10, 2, 10, 3, 10), Client.count(30, () -> Client.askOverTls(port)));
        }
    }

    @Test
    void shouldTellOfAServedPortWhatItIs() throws Exception {
        try (var it = servers(workers(1), "serve")) {
            it.awaitReady(1);
            it.awaitLine(1, "bound " + port + " balanced true");
            assertEquals(port, it.of(ClusterEvent.Listening.class).getFirst().address().getPort());
        }
    }

    @Test
    void shouldServeAPortAgainAfterGivingItBack() throws Exception {
        try (var it = servers(workers(2), "serve-twice")) {
            await().until(() -> it.lines.stream().filter(line -> line.endsWith("balanced true")).count() == 4);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(port)));
        }
    }

    @Test
    void shouldCloseAndCountConnectionsWhoseHandlerThrows() throws Exception {
        try (var it = servers(workers(1), "serve-throwing")) {
            it.awaitReady(1);
            for (int i = 0; i < 5; i++) {
                try (var socket = new Socket("127.0.0.1", port)) {
                    assertEquals(-1, socket.getInputStream().read());
                }
            }
            await().until(() -> it.worker(1).stats().traffic().failed() == 5);
            assertEquals(5, it.worker(1).stats().traffic().accepted());
            await().until(() -> it.worker(1).connections() == 0);
            assertTrue(it.worker(1).state().isLive());
        }
    }

    @Test
    void shouldCountConnectionsUntilTheyAreClosed() throws Exception {
        try (var it = servers(workers(1), "serve")) {
            it.awaitReady(1);
            Worker worker = it.worker(1);
            try (var one = new Socket("127.0.0.1", port); var two = new Socket("127.0.0.1", port)) {
                await().until(() -> worker.connections() == 2);
                assertEquals(worker.connections(), worker.stats().traffic().connections());
                one.close();
                await().until(() -> worker.connections() == 1);
                two.close();
                await().until(() -> worker.connections() == 0);
                assertEquals(2, worker.stats().traffic().accepted());
            }
        }
    }

    // ---- exclusive ports ----

    @Test
    void shouldBindAnExclusivePortForOneWorkerOnly() throws Exception {
        try (var it = servers(config -> config.withWorkers(2).withExclusivePorts(port, port)
                .withRestart(RestartPolicy.NEVER), "serve")) {
            await().until(() -> it.exits().size() == 1 && it.cluster.stats().isServing());
            assertTrue(it.exits().getFirst().reason() instanceof ExitReason.Crashed(var failure)
                    && failure.type().equals("java.net.BindException"), it.exits().toString());
            Worker owner = it.cluster.workers().getFirst();
            it.awaitLine(owner.id(), "bound " + port + " balanced false");
            assertEquals(Map.of((int) owner.id(), 10), Client.count(10, () -> Client.ask(port)));
            owner.kill().get();
            try (var free = new ServerSocket()) { // it went with its worker
                free.setReuseAddress(true);
                free.bind(new InetSocketAddress(port));
            }
        }
    }

    @Test
    void shouldGiveEachWorkerARandomPortOfItsOwnIfRandomPortsAreExclusive() throws Exception {
        try (var it = new Harness(Harness.program("Servers", "serve", "0"),
                config -> config.withWorkers(3).withExclusivePorts(0))) {
            it.awaitReady(3);
            Set<Integer> ports = new HashSet<>();
            for (int id = 1; id <= 3; id++) {
                int worker = id;
                int own = Integer.parseInt(it.awaitLine(id, line -> line.startsWith("bound ")).split(" ")[1]);
                ports.add(own);
                assertEquals(Map.of(worker, 5), Client.count(5, () -> Client.ask(own)));
            }
            assertEquals(3, ports.size());
        }
    }

    /** As with Node's {@code reusePort} the kernel deals, and the master is not asked. */
    @Test
    void shouldNotShareAPortThatTheProgramWantsTheKernelToShare() throws Exception {
        try (var it = servers(workers(2), "reuse-port")) {
            it.awaitReady(2);
            it.awaitLine(1, "bound " + port);
            it.awaitLine(2, "bound " + port);
            Map<Integer, Integer> counts = Client.count(200, () -> Client.ask(port));
            assertEquals(Set.of(1, 2), counts.keySet());
        }
    }

    /** Each socket gets all packets that come to it, so there is nothing to deal out. */
    @Test
    void shouldLeaveUdpPortsToOneWorker() {
        try (var it = servers(config -> config.withWorkers(2).withRestart(RestartPolicy.NEVER), "udp")) {
            await().until(() -> it.exits().size() == 1);
            assertTrue(it.exits().getFirst().reason() instanceof ExitReason.Crashed(var failure)
                    && failure.type().equals("java.net.BindException"), it.exits().toString());
            it.awaitLine(it.cluster.workers().getFirst().id(), "bound " + port);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "multicast"})
    void shouldFreeUdpPortsWithTheirWorker(String kind) throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            driver.listen(1, kind + " a " + port);
            it.worker(1).kill().get();
            new DatagramSocket(port).close();
            driver.listen(2, kind + " a " + port);
            it.worker(2).disconnect().get();
            new DatagramSocket(port).close();
        }
    }

    @Test
    void shouldFreeAsynchronousServersWithTheirWorker() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            driver.listen(1, "asynchronous a " + port);
            assertEquals("Address already in use", driver.tell(2, "asynchronous a " + port));
            it.worker(1).kill().get();
            driver.listen(2, "asynchronous a " + port);
        }
    }

    @Test
    void shouldTakeTheProtocolFamilyThatTheProgramAsksFor() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            assertEquals("unsupported address", driver.tell(1, "ipv4-channel a ::1:" + port));
            driver.listen(1, "ipv4-channel a " + port);
            assertEquals(1, Client.ask(port));
            assertThrows(ConnectException.class, () -> new Socket("::1", port).close());
        }
    }

    /** The port that one closes as the other binds it is either still there for it, or bound anew. */
    @Test
    void shouldBindAPortThatItsLastWorkerClosesAtThatMoment() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            driver.listen(1, "socket a " + port);
            for (int round = 0; round < 300; round++) {
                int owner = 1 + round % 2;
                int next = 3 - owner;
                driver.order(owner, "close a");
                driver.order(next, "socket a " + port);
                assertEquals("closed", driver.answer(owner));
                assertEquals(Integer.toString(port), driver.answer(next));
                assertEquals(next, Client.ask(port));
            }
        }
    }

    private static Harness driven(Driver driver, int workers) {
        return new Harness(driver.program(),
                config -> config.withWorkers(workers).withRestart(RestartPolicy.NEVER));
    }

    // ---- Unix domain sockets ----

    @ParameterizedTest
    @ValueSource(strings = {"unix", "unix-selector"})
    void shouldShareAUnixDomainSocket(String kind, @TempDir Path directory) throws Exception {
        Path path = directory.resolve("socket");
        try (var it = new Harness(Harness.program("Servers", kind, path.toString()), workers(3))) {
            it.awaitReady(3);
            assertEquals(Map.of(1, 10, 2, 10, 3, 10), Client.count(30, () -> Client.ask(path)));
            InetSocketAddress address = it.of(ClusterEvent.Listening.class).getFirst().address();
            assertEquals(path.toString(), address.getHostString());
            it.worker(2).kill().get();
            it.awaitReady(3);
            assertEquals(Map.of(1, 10, 3, 10, 4, 10), Client.count(30, () -> Client.ask(path)));
        }
    }

    @Test
    void shouldTellEveryWorkerThatThePathIsTaken(@TempDir Path directory) throws Exception {
        Path path = Files.writeString(directory.resolve("socket"), "something else");
        try (var it = new Harness(Harness.program("Servers", "unix-selector", path.toString()),
                config -> config.withWorkers(2).withRestart(RestartPolicy.NEVER))) {
            for (int id = 1; id <= 2; id++) {
                assertTrue(it.awaitExit(id).reason() instanceof ExitReason.Crashed(var failure)
                        && failure.type().equals("java.net.BindException"), it.exits().toString());
            }
        }
    }

    // ---- what is left ----

    @Test
    void shouldLeaveNothingOfAThousandBindsAndCloses() throws Exception {
        try (var warm = servers(workers(1), "binds", "100")) {
            warm.awaitLine(1, "bound 100 times");
        }
        int descriptors = descriptors();
        try (var it = servers(workers(1), "binds", "1000")) {
            it.awaitLine(1, "bound 1000 times");
            await().until(() -> acceptors() == 0);
            await().until(() -> descriptors() <= descriptors + 10);
            assertFalse(it.cluster.stats().isServing() && it.worker(1).stats().traffic().connections() > 0);
        }
        assertNotEquals(0, descriptors);
    }

    private static int descriptors() {
        String[] all = new File("/proc/self/fd").list();
        return all == null ? 0 : all.length;
    }

    private long acceptors() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith("-acceptor-" + port)).count();
    }
}
