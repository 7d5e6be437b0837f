package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.WorkerState;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scenarios of Node's own tests that are about ports, each under the name of the file there; {@link NodeConformanceIT}
 * has the others. A test tells its workers, step by step, what to bind and to close.
 */
class NodeConformancePortsIT {
    private static final String TAKEN = "Address already in use";

    private final int port = Harness.freePort();

    private static Harness driven(Driver driver, UnaryOperator<ClusterConfig> configure) {
        return new Harness(driver.program(), config -> configure.apply(config.withRestart(RestartPolicy.NEVER)));
    }

    private static Harness driven(Driver driver, int workers) {
        return driven(driver, config -> config.withWorkers(workers));
    }

    private static boolean canBind(String host, int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitFree(int port) {
        await("port " + port + " is free").until(() -> canBind("0.0.0.0", port));
    }

    // ---- listening on TCP ----

    @Test
    @DisplayName("parallel/test-cluster-net-listen.js")
    void testClusterNetListen() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            int any = driver.listen(1, "socket a");
            assertEquals(1, Client.ask(any));
            driver.order(1, "exit 0");
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-listening-port.js")
    void testClusterListeningPort() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            int random = driver.listen(1, "socket a 0");
            await().until(() -> it.of(ClusterEvent.Listening.class).size() == 1);
            assertEquals(random, it.of(ClusterEvent.Listening.class).getFirst().address().getPort());
            assertNotEquals(0, random);
        }
    }

    @ParameterizedTest
    @DisplayName("parallel/test-cluster-child-index-net.js")
    @ValueSource(strings = {"socket", "channel"})
    void testClusterChildIndexNet(String kind) throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            int first = driver.listen(1, kind + " a 0");
            int second = driver.listen(1, kind + " b 0");
            driver.tell(1, "close a");
            int third = driver.listen(1, kind + " c 0");
            driver.tell(1, "close b");
            int fourth = driver.listen(1, kind + " d 0");
            assertNotEquals(first, second);
            assertNotEquals(second, third);
            assertNotEquals(third, fourth);
            assertEquals(List.of(1, 1), List.of(Client.ask(third), Client.ask(fourth)));
            driver.order(1, "exit 0");
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("sequential/test-net-listen-shared-ports.js")
    void testNetListenSharedPorts() throws Exception {
        int exclusive = Harness.freePort();
        try (var driver = new Driver();
                var it = driven(driver, config -> config.withWorkers(2).withExclusivePorts(exclusive))) {
            driver.listen(1, "socket shared " + port);
            driver.listen(1, "socket exclusive " + exclusive);
            driver.listen(2, "socket shared " + port);
            assertEquals(TAKEN, driver.tell(2, "socket exclusive " + exclusive));
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(port)));
            assertEquals(Map.of(1, 5), Client.count(5, () -> Client.ask(exclusive)));
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-net-reuseport.js")
    void testClusterNetReuseport() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            int reused = driver.listen(1, "reuse-port a 0");
            assertEquals(reused, driver.listen(1, "reuse-port b " + reused));
            driver.tell(1, "close a");
            assertEquals(1, Client.ask(reused));
            driver.tell(1, "close b");
            driver.order(1, "leave");
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-bind-twice.js")
    void testClusterBindTwice() throws Exception {
        try (var driver = new Driver();
                var otherDriver = new Driver();
                var it = driven(driver, 2);
                var other = driven(otherDriver, 1)) {
            driver.listen(1, "socket a " + port);
            assertEquals(TAKEN, otherDriver.tell(1, "socket a " + port));
            driver.listen(2, "socket a " + port); // it is shared with one's own only
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(port)));
            otherDriver.order(1, "exit 0");
            assertEquals(0, other.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-shared-handle-bind-privileged-port.js")
    void testClusterSharedHandleBindPrivilegedPort() throws Exception {
        assumeFalse(canBind("0.0.0.0", 42), "this user may bind port 42");
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            assertEquals("Permission denied", driver.tell(1, "socket a 42"));
            driver.order(1, "leave");
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-eaddrinuse.js")
    void testClusterEaddrinuse() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            try (var taken = new ServerSocket(port)) {
                assertEquals(taken.getLocalPort(), port);
                assertEquals(TAKEN, driver.tell(1, "socket a " + port));
                assertEquals(TAKEN, driver.tell(2, "channel a " + port));
            }
            driver.listen(1, "socket a " + port);
            driver.listen(2, "channel a " + port);
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(port)));
        }
    }

    @ParameterizedTest
    @DisplayName("sequential/test-cluster-port-reuse-between-workers.js")
    @ValueSource(strings = {"socket", "channel"})
    void testClusterPortReuseBetweenWorkers(String kind) throws Exception {
        String all = ":::" + port;
        assumeTrue(canBind("::", port), "no IPv6 here");
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            driver.listen(1, kind + " a " + all);
            assertEquals(TAKEN, driver.tell(1, kind + " again " + all));
            driver.tell(1, "close a");
            driver.listen(2, kind + " a " + all);
            driver.listen(1, kind + " b " + all);
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(port)));
            driver.tell(1, "close b");
            assertEquals(Map.of(2, 5), Client.count(5, () -> Client.ask(port)));
        }
    }

    @ParameterizedTest
    @DisplayName("parallel/test-cluster-server-restart-rr.js")
    @ValueSource(strings = {"socket", "channel"})
    void testClusterServerRestartRr(String kind) throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            int shared = driver.listen(1, kind + " a 0");
            assertEquals(shared, driver.listen(2, kind + " a 0"));
            driver.tell(2, "close a");
            assertEquals(shared, driver.listen(2, kind + " a 0"));
            driver.tell(2, "close a");
            driver.order(2, "leave");
            assertEquals(0, it.awaitExit(2).code());
            assertEquals(Map.of(1, 5), Client.count(5, () -> Client.ask(shared)));
            assertEquals(0, it.worker(1).disconnect().get().code());
        }
    }

    /** While no worker is ready, the kernel keeps as many waiting as the program asked for, and one more. */
    @Test
    @DisplayName("parallel/test-cluster-net-listen-backlog.js")
    void testClusterNetListenBacklog() throws Exception {
        try (var driver = new Driver();
                var _ = driven(driver, config -> config.withWorkers(1).withReadySignal(true))) {
            driver.listen(1, "socket a " + port + " 1");
            List<Socket> waiting = new ArrayList<>();
            assertThrows(SocketTimeoutException.class, () -> {
                while (waiting.size() < 50) {
                    var socket = new Socket();
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                    waiting.add(socket);
                }
            });
            driver.tell(1, "ready");
            for (Socket socket : waiting) {
                try (socket) {
                    assertEquals(1, Client.ask(socket));
                }
            }
        }
    }

    /** What stands for all addresses is one and the same, whatever family it is of. */
    @Test
    @DisplayName("parallel/test-cluster-net-listen-ipv6only-false.js")
    void testClusterNetListenIpv6onlyFalse() throws Exception {
        assumeTrue(canBind("::", port), "no IPv6 here");
        try (var driver = new Driver(); var it = driven(driver, 3)) {
            driver.listen(1, "socket a :::" + port);
            driver.listen(2, "channel a :::" + port);
            driver.listen(3, "socket a 0.0.0.0:" + port);
            it.awaitReady(3);
            assertEquals(Map.of(1, 2, 2, 2, 3, 2), Client.count(6, () -> Client.ask(port)));
        }
    }

    /** That bug has no counterpart: a port is known by its real number, too. For TCP; UDP ports are not shared. */
    @Test
    @DisplayName("known_issues/test-dgram-bind-shared-ports-after-port-0.js")
    void testDgramBindSharedPortsAfterPort0() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            int random = driver.listen(1, "socket a 0");
            assertEquals(random, driver.listen(2, "socket a " + random));
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(random)));
        }
    }

    // ---- dealing out ----

    @Test
    @DisplayName("parallel/test-cluster-rr-handle-close.js")
    void testClusterRrHandleClose() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            int open = driver.listen(1, "socket a 0");
            driver.tell(1, "return"); // the open port is all that keeps it
            assertEquals(Map.of(1, 50), Client.count(50, () -> Client.ask(open)));
            assertEquals(WorkerState.READY, it.worker(1).state());
            driver.order(1, "close a");
            assertEquals(new ExitReason.Completed(0), it.awaitExit(1).reason());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-shared-leak.js")
    void testClusterSharedLeak() throws Exception {
        try (var driver = new Driver();
                var it = driven(driver,
                        config -> config.withWorkers(2).withStop(StopPolicy.DEFAULT.withDrain(Harness.LONG)))) {
            int shared = driver.listen(1, "socket a 0");
            it.awaitReady(1);
            try (var connection = new Socket(InetAddress.getLoopbackAddress(), shared)) {
                await().until(() -> it.worker(1).stats().traffic().accepted() == 1);
                it.worker(1).disconnect();
                assertEquals(0, it.worker(2).disconnect().get().code());
                assertEquals(WorkerState.DRAINING, it.worker(1).state());
                assertEquals(1, Client.ask(connection));
            }
            assertEquals(0, it.awaitExit(1).code());
            awaitFree(shared);
        }
    }

    /** What was handed to a server that closes goes to others, and ends with the port if there are none. */
    @Test
    @DisplayName("parallel/test-cluster-worker-handle-close.js")
    void testClusterWorkerHandleClose() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            driver.listen(1, "idle-socket a " + port);
            it.awaitReady(1);
            try (var one = new Socket("127.0.0.1", port); var two = new Socket("127.0.0.1", port)) {
                await().until(() -> it.worker(1).connections() == 2);
                driver.listen(2, "socket a " + port);
                driver.tell(1, "close a");
                assertEquals(List.of(2, 2), List.of(Client.ask(one), Client.ask(two)));
            }
            driver.tell(2, "close a");
            driver.listen(1, "idle-socket a " + port); // now it is the only one
            try (var connection = new Socket("127.0.0.1", port)) {
                await().until(() -> it.worker(1).connections() == 1);
                driver.tell(1, "close a");
                assertTrue(hasEnded(connection));
            }
        }
    }

    private static boolean hasEnded(Socket connection) throws IOException {
        connection.setSoTimeout((int) Harness.LONG.toMillis());
        try {
            return connection.getInputStream().read() == -1;
        } catch (SocketException e) {
            return true; // reset
        }
    }

    // ---- Unix domain sockets ----

    @Test
    @DisplayName("parallel/test-cluster-listen-pipe-readable-writable.js")
    void testClusterListenPipeReadableWritable(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("socket");
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            assertEquals(path.toString(), driver.tell(1, "unix a " + path));
            driver.tell(1, "permissions " + path + " rwxrwxrwx");
            assertEquals(path.toString(), driver.tell(2, "unix a " + path)); // the socket stays the one that it was
            assertEquals("rwxrwxrwx", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(path)));
        }
    }

    /** The working directory is the JVM's. */
    @Test
    @DisplayName("parallel/test-cluster-net-listen-relative-path.js")
    void testClusterNetListenRelativePath() throws Exception {
        Path path = Path.of("target", "A".repeat(90));
        Path absolute = path.toAbsolutePath();
        assertTrue(absolute.toString().length() > 108, "short enough for a socket: " + absolute);
        Files.deleteIfExists(path);
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            assertEquals(path.toString(), driver.tell(1, "unix a " + path));
            assertEquals(path.toString(), driver.tell(2, "unix a " + absolute)); // is the same
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(path)));
            it.cluster.disconnect().get();
            assertTrue(it.exits().stream().allMatch(exit -> exit.code() == 0), it.exits().toString());
        } finally {
            assertTrue(Files.deleteIfExists(path), "Java leaves it to the program to delete it");
        }
    }

    // ---- TLS ----

    @Test
    @DisplayName("parallel/test-tls-ticket-cluster.js")
    void testTlsTicketCluster(@TempDir Path directory) throws Exception {
        String keys = KeyStores.make(directory).toString();
        assertEquals(15, resumedOfSixteen(1, keys));
        assertEquals(0, resumedOfSixteen(4, keys)); // the ticket is always another worker's: the handshake is a full one
    }

    private int resumedOfSixteen(int workers, String keys) throws Exception {
        try (var it = new Harness(Harness.program("Servers", "tls", Integer.toString(port), keys),
                config -> config.withWorkers(workers))) {
            it.awaitReady(workers);
            SSLContext client = Client.trusting();
            Map<Integer, Integer> answers = new TreeMap<>();
            int resumed = 0;
            for (int i = 0; i < 16; i++) {
                try (var socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", port)) {
                    SSLSession session = socket.getSession();
                    resumed += session.getValue("known") == null ? 0 : 1;
                    session.putValue("known", true);
                    answers.merge(Client.ask(socket), 1, Integer::sum);
                }
            }
            assertEquals(Collections.nCopies(workers, 16 / workers), List.copyOf(answers.values()));
            return resumed;
        }
    }

    // ---- UDP: ports are a worker's own ----

    @Test
    @DisplayName("parallel/test-cluster-dgram-2.js")
    void testClusterDgram2() throws Exception {
        try (var received = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var driver = new Driver();
                var _ = driven(driver, 4)) {
            received.setSoTimeout((int) Harness.LONG.toMillis());
            for (int id = 1; id <= 4; id++) {
                driver.listen(id, "udp a 0");
            }
            Map<String, Integer> packets = new HashMap<>();
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                for (int id = 1; id <= 4; id++) {
                    driver.tell(id, "send a " + received.getLocalPort());
                    var packet = new DatagramPacket(new byte[16], 16);
                    received.receive(packet);
                    packets.merge(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII), 1,
                            Integer::sum);
                    ports.add(packet.getPort());
                }
            }
            assertEquals(Map.of("1", 10, "2", 10, "3", 10, "4", 10), packets);
            assertEquals(4, ports.size());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-dgram-reuse.js")
    void testClusterDgramReuse() throws Exception {
        bindTwiceInOneWorker("udp-reuse-address");
    }

    @Test
    @DisplayName("parallel/test-cluster-dgram-reuseport.js")
    void testClusterDgramReuseport() throws Exception {
        bindTwiceInOneWorker("udp-reuse-port");
    }

    private static void bindTwiceInOneWorker(String kind) throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            int reused = driver.listen(1, kind + " a 0");
            assertEquals(reused, driver.listen(1, kind + " b " + reused));
            driver.tell(1, "close a");
            driver.tell(1, "close b");
            driver.order(1, "leave");
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-cluster-child-index-dgram.js")
    void testClusterChildIndexDgram() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            int first = driver.listen(1, "udp a 0");
            int second = driver.listen(1, "udp b 0");
            driver.tell(1, "close a");
            int third = driver.listen(1, "udp c 0");
            driver.tell(1, "close b");
            int fourth = driver.listen(1, "udp d 0");
            assertNotEquals(first, second);
            assertNotEquals(second, third);
            assertNotEquals(third, fourth);
            driver.order(1, "exit 0");
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-dgram-cluster-bind-error.js")
    void testDgramClusterBindError() throws Exception {
        try (var taken = new DatagramSocket(port); var driver = new Driver(); var it = driven(driver, 1)) {
            assertEquals(port, taken.getLocalPort());
            assertEquals(TAKEN, driver.tell(1, "udp a " + port));
            assertEquals("false", driver.tell(1, "bound a"));
            driver.tell(1, "close a");
            driver.order(1, "leave");
            assertEquals(0, it.awaitExit(1).code());
        }
    }

    @Test
    @DisplayName("parallel/test-dgram-cluster-close-in-listening.js")
    void testDgramClusterCloseInListening() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 3)) {
            for (int id = 1; id <= 3; id++) {
                driver.listen(id, "udp a " + port); // the one before has given it back
                assertEquals("closed", driver.tell(id, "close a"));
                driver.order(id, "leave");
                assertEquals(0, it.awaitExit(id).code());
            }
        }
    }
}
