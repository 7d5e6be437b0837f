package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Exit;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.testing.Harness;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection on which no request is under way survives the worker that has it. */
class MovingConnectionsIT {
    /** Longer than the deadlines of the tests. */
    private static final StopPolicy PATIENT = StopPolicy.DEFAULT.withDrain(Harness.LONG.multipliedBy(2));
    private final int port = Harness.freePort();

    private Harness servers(String kind, int workers) throws InterruptedException {
        var it = new Harness(Harness.program("KeptAlive", kind, Integer.toString(port)),
                config -> config.withWorkers(workers).withStop(PATIENT));
        it.awaitReady(workers);
        return it;
    }

    /** A client that keeps its connection. */
    private static final class Kept implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        /** Whether an answer has told that the connection ends with it. */
        private boolean lastAnswer;

        Kept(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout((int) Harness.LONG.toMillis());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        long ask() throws IOException {
            send("/");
            return receive();
        }

        void send(String path) throws IOException {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        long receive() throws IOException {
            int length = -1;
            for (String line = in.readLine(); !"".equals(line); line = in.readLine()) {
                if (line == null) {
                    throw new IOException("the connection ended without an answer");
                }
                lastAnswer |= line.equalsIgnoreCase("connection: close");
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
                    length = Integer.parseInt(line.substring("content-length: ".length()));
                }
            }
            var body = new char[length];
            for (int read = 0; read < length;) {
                read += in.read(body, read, length - read);
            }
            return Long.parseLong(new String(body));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "threads", "virtual", "channels", "selector"})
    void shouldKeepAConnectionThroughManyReplacements(String kind) throws Exception {
        try (var it = servers(kind, 2); var client = new Kept(port); var unused = new Kept(port)) {
            for (int i = 0; i < 5; i++) {
                long id = client.ask();
                Worker old = it.worker(id);
                old.replace().get();
                client.ask(); // by either
                old.onExit().get(Harness.LONG.toSeconds(), TimeUnit.SECONDS);
                assertNotEquals(id, client.ask());
            }
            assertTrue(unused.ask() > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "threads", "virtual", "channels", "selector"})
    void shouldKeepAnIdleConnectionThroughManyReplacements(String kind) throws Exception {
        try (var it = servers(kind, 2); var client = new Kept(port)) {
            for (int i = 0; i < 5; i++) {
                long id = client.ask();
                Worker old = it.worker(id);
                old.replace().get();
                old.onExit().get(Harness.LONG.toSeconds(), TimeUnit.SECONDS);
                assertNotEquals(id, client.ask());
            }
            assertEquals(List.of(), it.lines.stream().filter(line -> line.contains("failed")).toList());
        }
    }

    /** Java's client asks for an upgrade to HTTP/2 with each request, and servers ignore that. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "virtual", "selector"})
    void shouldKeepAConnectionOfJavasOwnClient(String kind) throws Exception {
        try (var it = servers(kind, 2); var client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                long id = ask(client);
                Worker old = it.worker(id);
                old.replace().get();
                old.onExit().get(Harness.LONG.toSeconds(), TimeUnit.SECONDS);
                assertNotEquals(id, ask(client));
            }
        }
    }

    private long ask(HttpClient client) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).timeout(Harness.LONG).build();
        return Long.parseLong(client.send(request, HttpResponse.BodyHandlers.ofString()).body().strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "threads", "virtual", "channels", "selector"})
    void shouldKeepAnIdleConnectionThroughAKill(String kind) throws Exception {
        try (var it = servers(kind, 3); var client = new Kept(port); var unused = new Kept(port)) {
            long id = client.ask();
            it.awaitLine(id, "answered"); // till then its request is under way
            it.worker(id).kill().get();
            assertNotEquals(id, client.ask());
            unused.ask();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "threads", "virtual", "channels", "selector"})
    void shouldMoveAConnectionAfterTheRequestThatIsUnderWay(String kind) throws Exception {
        try (var it = servers(kind, 2); var client = new Kept(port)) {
            client.send("/slow");
            await().until(() -> it.lines.stream().anyMatch(line -> line.endsWith("slow")));
            long id = Long.parseLong(
                    it.lines.stream().filter(line -> line.endsWith("slow")).findFirst().orElseThrow().split(" ")[0]);
            CompletableFuture<Exit> exit = it.worker(id).replace().thenCompose(_ -> it.worker(id).onExit());
            assertEquals(id, client.receive());
            exit.get();
            assertNotEquals(id, client.ask());
        }
    }

    @Test
    void shouldLeaveAConnectionThatIsNoHttpWithItsWorker() throws Exception {
        try (var it = servers("lines", 2); var client = new Kept(port)) {
            client.socket.getOutputStream().write('\n');
            long id = Long.parseLong(client.in.readLine());
            Worker old = it.worker(id);
            old.replace().get();
            for (int i = 0; i < 20; i++) {
                client.socket.getOutputStream().write('\n');
                assertEquals(Long.toString(id), client.in.readLine());
            }
            client.close();
            old.onExit().get();
        }
    }

    /** One that asks all the time is told in time; so it loses nothing, as {@code disconnect} begins. */
    @Test
    void shouldTellClientsThatTheConnectionEndsWhereNobodyElseIs() throws Exception {
        try (var it = servers("http", 1); var client = new Kept(port)) {
            assertEquals(1, client.ask());
            CompletableFuture<Void> end = it.cluster.disconnect();
            while (!client.lastAnswer) {
                assertEquals(1, client.ask());
            }
            assertEquals(-1, client.in.read());
            end.get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "threads", "virtual", "channels", "selector"})
    void shouldNotWaitForIdleConnectionsWhereNobodyElseIs(String kind) throws Exception {
        try (var it = servers(kind, 1); var client = new Kept(port)) {
            client.ask();
            it.cluster.disconnect().get(Harness.LONG.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldCloseConnectionsWhereNobodyElseIs() throws Exception {
        try (var it = servers("http", 1); var client = new Kept(port)) {
            assertEquals(1, client.ask());
            it.cluster.disconnect().get();
            assertEquals(-1, client.in.read());
        }
    }
}
