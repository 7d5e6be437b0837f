package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ClusterEvent;
import dev.corral.ExitReason;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One port, several workers, servers that know nothing of it. */
class PortIT {
    private final int port = Harness.freePort();

    private Program server(String kind) {
        String at = Integer.toString(port);
        return switch (kind) {
            case "jdk-dispatcher" -> Harness.program("Hello", at);
            case "jdk-virtual" -> Harness.program("Hello", at, "virtual");
            case "jdk-pool" -> Harness.program("Hello", at, "pool");
            case "netty" -> netty(at);
            case "server-socket" -> Harness.program("SocketHello", at, "socket");
            case "server-socket-virtual" -> Harness.program("SocketHello", at, "socket", "virtual");
            case "blocking-channel" -> Harness.program("SocketHello", at, "channel");
            default -> throw new IllegalArgumentException(kind);
        };
    }

    static Program netty(String port) {
        List<Path> classPath = Stream.concat(Stream.of(Harness.testClasses()),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                        .filter(path -> path.getFileName().toString().startsWith("netty-")))
                .toList();
        return Program.classPath(classPath, "programs.NettyHello", port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk-dispatcher", "jdk-virtual", "jdk-pool", "netty", "server-socket",
            "server-socket-virtual",
            "blocking-channel"})
    void shouldHandConnectionsToUnmodifiedServersInExactRoundRobin(String kind) throws Exception {
        try (var it = new Harness(server(kind), config -> config.withWorkers(4))) {
            it.awaitReady(4);
            Map<Integer, Integer> counts = new TreeMap<>();
            for (int i = 0; i < 400; i++) {
                counts.merge(Client.ask(port), 1, Integer::sum);
            }
            assertEquals(Map.of(1, 100, 2, 100, 3, 100, 4, 100), counts);
            assertEquals(400,
                    it.cluster.stats().workers().stream().mapToLong(worker -> worker.traffic().accepted()).sum());
            await().until(() -> it.of(ClusterEvent.Listening.class).size() == 4);
            assertTrue(it.of(ClusterEvent.Listening.class).stream().allMatch(e -> e.address().getPort() == port));
        }
        try (var socket = new ServerSocket()) { // nobody has it any more
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        }
    }

    /** With Node the one that was not acknowledged hangs for ever, and the others are closed. */
    @ParameterizedTest
    @ValueSource(strings = {"jdk-dispatcher", "server-socket"})
    void shouldAnswerAllThatWaitForTheOnlyWorkerWhileItRestarts(String kind) throws Exception {
        var policy = RestartPolicy.DEFAULT.withBackoff(Backoff.fixed(Duration.ofMillis(300)));
        try (var it = new Harness(server(kind), config -> config.withRestart(policy))) {
            it.awaitReady(1);
            it.worker(1).kill().get();
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(new Socket("127.0.0.1", port));
            }
            for (Socket socket : waiting) {
                try (socket) {
                    assertEquals(2, Client.ask(socket));
                }
            }
        }
    }

    /** Its only thread is busy when they come: they wait for it, in the kernel or handed to the worker. */
    @Test
    void shouldAnswerWhatCameBeforeTheClusterWasClosed() throws Exception {
        var answers = new ArrayList<Integer>();
        try (var it = new Harness(server("jdk-dispatcher"), config -> config); var busy = new Socket()) {
            it.awaitReady(1);
            busy.connect(new InetSocketAddress("127.0.0.1", port));
            busy.getOutputStream().write("GET /slow HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            it.awaitLine(1, "slow");
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                var waiting = new Socket("127.0.0.1", port); // accepted by the kernel
                clients.add(Thread.ofVirtual().start(() -> {
                    int answer = askAndClose(waiting);
                    synchronized (answers) {
                        answers.add(answer);
                    }
                }));
            }
            it.close();
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(Collections.nCopies(20, 1), answers);
            assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port).close());
        }
    }

    private static int askAndClose(Socket socket) {
        try (socket) {
            return Client.ask(socket);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Connections that a worker was handed and did not poll are answered by others. */
    @Test
    void shouldGiveWhatADeadWorkerDidNotPollToOthers() throws Exception {
        try (var it =
                new Harness(Harness.program("Acceptor", Integer.toString(port)),
                        config -> config.withWorkers(2).withHeartbeat(HeartbeatPolicy.OFF))) { // else they are taken back before
            it.awaitReady(2); // worker 1 never accepts, worker 2 does
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(new Socket("127.0.0.1", port));
            }
            await().until(() -> it.worker(2).stats().traffic().accepted() == 10);
            it.worker(1).kill();
            for (Socket socket : waiting) {
                try (socket) {
                    assertTrue(Client.ask(socket) > 1);
                }
            }
        }
    }

    @Test
    void shouldRefuseConnectionsWhenTheLastWorkerHasLeft() throws Exception {
        try (var it = new Harness(server("jdk-dispatcher"), config -> config)) {
            it.awaitReady(1);
            it.worker(1).disconnect().get();
            await().ignoreExceptionsMatching(e -> !(e instanceof ConnectException)).until(() -> {
                try (var _ = new Socket("127.0.0.1", port)) {
                    return false;
                } catch (ConnectException e) {
                    return true;
                }
            });
        }
    }

    @Test
    void shouldTellEveryWorkerThatThePortIsTaken() throws Exception {
        try (var taken = new ServerSocket(port);
                var it = new Harness(server("jdk-dispatcher"),
                        config -> config.withWorkers(2).withRestart(RestartPolicy.NEVER))) {
            assertEquals(port, taken.getLocalPort());
            for (int id = 1; id <= 2; id++) {
                var reason = it.awaitExit(id).reason();
                assertTrue(reason instanceof ExitReason.Crashed(var failure)
                        && failure.type().equals("java.net.BindException"), reason.toString());
            }
        }
    }

    /** The n-th server with port 0 of every worker shares one random port. */
    @Test
    void shouldShareRandomPortsByTheirOrder() throws Exception {
        try (var it = new Harness(Harness.program("TwoServers", "0", "0"), config -> config.withWorkers(2))) {
            it.awaitReady(2);
            String first = it.awaitLine(1, line -> line.startsWith("ports "));
            assertEquals(first, it.awaitLine(2, line -> line.startsWith("ports ")));
            String[] ports = first.substring(6).split(" ");
            assertTrue(!ports[0].equals(ports[1]), first);
            for (String one : ports) {
                Map<Integer, Integer> counts = new TreeMap<>();
                for (int i = 0; i < 20; i++) {
                    counts.merge(Client.ask(Integer.parseInt(one)), 1, Integer::sum);
                }
                assertEquals(Map.of(1, 10, 2, 10), counts);
            }
        }
    }

    @Test
    void shouldSayWhichProcessUsesThePort() throws Exception {
        try (var _ = new ServerSocket(port);
                var it = new Harness(server("jdk-dispatcher"), config -> config.withRestart(RestartPolicy.NEVER))) {
            var reason = (ExitReason.Crashed) it.awaitExit(1).reason();
            assertEquals("Address already in use", reason.failure().message());
            assertTrue(reason.toString().contains("Address already in use: port " + port + " is used by this process, "
                    + ProcessHandle.current().pid()), reason.toString());
        }
    }

    @Test
    void shouldRefuseASecondServerOnThePortInOneWorker() throws Exception {
        String at = Integer.toString(port);
        try (var it = new Harness(Harness.program("TwoServers", at, at),
                config -> config.withRestart(RestartPolicy.NEVER))) {
            assertTrue(it.awaitExit(1).reason() instanceof ExitReason.Crashed(var failure)
                    && failure.message().equals("Address already in use"), it.exits().toString());
        }
    }

    @Test
    void shouldFinishExchangesUnderWayBeforeItStops() throws Exception {
        try (var it = new Harness(server("jdk-virtual"), config -> config)) {
            it.awaitReady(1);
            try (var slow = new Socket("127.0.0.1", port); var idle = new Socket("127.0.0.1", port)) {
                slow.getOutputStream()
                        .write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                it.awaitLine(1, "slow"); // takes 300 ms from here
                await().until(() -> it.worker(1).stats().traffic().accepted() == 2);
                var exit = it.worker(1).disconnect();
                var in = new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
                assertEquals("HTTP/1.1 200 OK", in.readLine());
                assertEquals(-1, idle.getInputStream().read());
                assertEquals(0, exit.get().code());
            }
        }
    }

    @Test
    void shouldKeepThePortThroughCrashesUnderLoad() throws Exception {
        var policy = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(100_000, Harness.LONG);
        try (var it = new Harness(server("jdk-virtual"), config -> config.withWorkers(3).withRestart(policy))) {
            it.awaitReady(3);
            int refused = 0;
            for (int i = 0; i < 300; i++) {
                if (i % 30 == 0) {
                    it.cluster.slot(i / 30 % 3).ifPresent(worker -> worker.kill());
                }
                try {
                    Client.ask(port);
                } catch (ConnectException e) {
                    refused++;
                } catch (IOException e) {
                    // was read by the worker that was killed
                }
            }
            assertEquals(0, refused);
        }
    }
}
