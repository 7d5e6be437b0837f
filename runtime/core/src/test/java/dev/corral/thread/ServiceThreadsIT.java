package dev.corral.thread;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Cluster;
import dev.corral.ClusterStats.ServiceThread.State;
import dev.corral.ClusterStats;
import dev.corral.Program;
import dev.corral.testing.Requests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each thread of Corral itself comes back when it has ended, also when half of them have ended at the same time. */
class ServiceThreadsIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String NAME = "ended-by-force";

    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    static void useLongTimes() {
        Awaitility.setDefaultTimeout(LONG);
    }

    @Test
    void shouldStartEachThreadAgainThatEnds() throws Exception {
        int port = Requests.freePort();
        Logger logger = Logger.getLogger("dev.corral");
        logger.addHandler(handler);
        try (Cluster cluster = open(port)) {
            assertTrue(cluster.awaitReady(2, LONG));
            assertTrue(cluster.stats().isLive(), () -> cluster.stats().toString());
            List<String> all = List.copyOf(loops(cluster, port));
            for (int group = 0; group < 2; group++) {
                int remainder = group;
                endTogether(cluster, port,
                        IntStream.range(0, all.size()).filter(i -> i % 2 == remainder).mapToObj(all::get).toList());
            }
            assertWorks(cluster, port);
        } finally {
            logger.removeHandler(handler);
        }
    }

    /** Ends these threads at the same time. The others start them again. */
    private void endTogether(Cluster cluster, int port, List<String> names) {
        Map<String, Long> before = new HashMap<>();
        for (String each : names) {
            before.put(each, restarts(cluster, each));
            assertTrue(ServiceThreads.endWith(each, new Error("made up: the end of " + each)), each);
        }
        for (String each : names) {
            await(each + " comes back").pollInterval(Duration.ofMillis(20)).until(() -> {
                request(port); // or the acceptor and the event thread have nothing to do
                cluster.scale(2);
                return restarts(cluster, each) > before.get(each);
            });
            await(each + " is logged").until(
                    () -> log.stream().anyMatch(line -> line.startsWith(each + " had ended and was started again")));
        }
    }

    private static Cluster open(int port) {
        return Cluster.open(Program.classPath(List.of(testClasses()), "programs.SocketHello", Integer.toString(port),
                "socket"),
                config -> config.withName(NAME).withWorkers(2));
    }

    /** All that run a loop, and no fewer than are known. */
    private static Set<String> loops(Cluster cluster, int port) {
        Set<String> names = new TreeSet<>();
        for (ClusterStats.ServiceThread each : cluster.stats().serviceThreads()) {
            if (ServiceThreads.isLoop(each.name())) {
                names.add(each.name());
            }
        }
        String prefix = "corral-" + NAME + "-";
        assertTrue(
                names.containsAll(Set.of(prefix + "master", prefix + "events", prefix + "watchdog", prefix + "memory",
                        prefix + "acceptor-" + port, "corral-carrier-watch", "corral-thread-watch", "corral-live-bytes",
                        "corral-log")),
                names::toString);
        return names;
    }

    private static long restarts(Cluster cluster, String name) {
        return cluster.stats().serviceThreads().stream().filter(each -> each.name().equals(name))
                .mapToLong(ClusterStats.ServiceThread::restarts).sum();
    }

    private static void assertWorks(Cluster cluster, int port) throws Exception {
        await().until(() -> cluster.stats().serviceThreads().stream().allMatch(each -> each.state() == State.RUNNING));
        assertTrue(cluster.stats().isLive());
        cluster.workers().getFirst().kill();
        assertTrue(cluster.awaitReady(2, LONG));
        assertTrue(Long.parseLong(request(port)) > 0);
    }

    /** The id of the worker that answers. */
    private static String request(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) LONG.toMillis());
            socket.getOutputStream().write('\n');
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private static Path testClasses() {
        try {
            return Path.of(ServiceThreadsIT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
