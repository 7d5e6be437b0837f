package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.corral.testing.Harness;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Scenarios of Node's own tests about UDP ports, each under the name of its file there. A UDP port belongs to one
 * worker.
 */
class NodeConformanceUdpIT extends NodeScenario {
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
                driver.listen(id, "udp a " + port); // the previous worker has released the port
                assertEquals("closed", driver.tell(id, "close a"));
                driver.order(id, "leave");
                assertEquals(0, it.awaitExit(id).code());
            }
        }
    }
}
