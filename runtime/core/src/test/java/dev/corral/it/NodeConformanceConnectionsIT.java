package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason;
import dev.corral.StopPolicy;
import dev.corral.WorkerState;
import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenarios of Node's own tests about the distribution of connections, Unix domain sockets and TLS, each under the name
 * of its file there.
 */
class NodeConformanceConnectionsIT extends NodeScenario {
    @Test
    @DisplayName("parallel/test-cluster-rr-handle-close.js")
    void testClusterRrHandleClose() throws Exception {
        try (var driver = new Driver(); var it = driven(driver, 1)) {
            int open = driver.listen(1, "socket a 0");
            driver.tell(1, "return"); // only the open port keeps the worker alive
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

    /**
     * The connections of a server that closes go to other servers of the port. If there is none, they end with the
     * port.
     */
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
            driver.listen(1, "idle-socket a " + port); // now there is no other server
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

    @Test
    @DisplayName("parallel/test-cluster-listen-pipe-readable-writable.js")
    void testClusterListenPipeReadableWritable(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("socket");
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            assertEquals(path.toString(), driver.tell(1, "unix a " + path));
            driver.tell(1, "permissions " + path + " rwxrwxrwx");
            assertEquals(path.toString(), driver.tell(2, "unix a " + path)); // the file of the socket is not replaced
            assertEquals("rwxrwxrwx", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(path)));
        }
    }

    /** A relative path is resolved against the working directory of the JVM. */
    @Test
    @DisplayName("parallel/test-cluster-net-listen-relative-path.js")
    void testClusterNetListenRelativePath() throws Exception {
        Path path = Path.of("target", "A".repeat(90));
        Path absolute = path.toAbsolutePath();
        assertTrue(absolute.toString().length() > 108, "short enough for a socket: " + absolute);
        Files.deleteIfExists(path);
        try (var driver = new Driver(); var it = driven(driver, 2)) {
            assertEquals(path.toString(), driver.tell(1, "unix a " + path));
            assertEquals(path.toString(), driver.tell(2, "unix a " + absolute)); // the same socket
            it.awaitReady(2);
            assertEquals(Map.of(1, 5, 2, 5), Client.count(10, () -> Client.ask(path)));
            it.cluster.disconnect().get();
            assertTrue(it.exits().stream().allMatch(exit -> exit.code() == 0), it.exits().toString());
        } finally {
            assertTrue(Files.deleteIfExists(path), "Java leaves it to the program to delete it");
        }
    }

    @Test
    @DisplayName("parallel/test-tls-ticket-cluster.js")
    void testTlsTicketCluster(@TempDir Path directory) throws Exception {
        String keys = KeyStores.make(directory).toString();
        assertEquals(15, resumedOfSixteen(1, keys));
        assertEquals(0, resumedOfSixteen(4, keys)); // another worker issued each ticket, so every handshake is a full one
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
}
