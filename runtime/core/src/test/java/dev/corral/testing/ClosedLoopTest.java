package dev.corral.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.ClosedLoop.Load;
import dev.corral.testing.LoadResult.Failure;
import dev.corral.testing.LoadResult.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clients by whom reloads are judged, with servers that do at every tenth request what is wrong. */
class ClosedLoopTest {
    private static final String GREETING = "hello from worker 1\n";
    private static final int ENOUGH = 200;
    private static final int CLIENTS = 4;

    /** What a server does after it has read a request; whether it goes on with the connection. */
    private interface Answers {
        boolean go(Socket socket, int request) throws IOException;
    }

    private static void answer(Socket socket, String status, String header, String body) throws IOException {
        socket.getOutputStream().write(("HTTP/1.1 " + status + "\r\n" + header + "Content-Length: " + body.length()
                + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
    }

    private static void greet(Socket socket) throws IOException {
        answer(socket, "200 OK", "", GREETING);
    }

    /** What clients have of such a server, in some hundred requests; how many connections it had comes in addition. */
    private static LoadResult ask(boolean keepAlive, Answers answers, AtomicInteger connections) throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server, answers, connections));
            try (var loop = ClosedLoop.start(new Load(server.getLocalPort(), "/", CLIENTS, keepAlive))) {
                await().until(() -> loop.answered() + loop.failed() > ENOUGH);
                return loop.stop();
            }
        }
    }

    private static LoadResult ask(boolean keepAlive, Answers answers) throws IOException {
        return ask(keepAlive, answers, new AtomicInteger());
    }

    private static void serve(ServerSocket server, Answers answers, AtomicInteger connections) {
        var requests = new AtomicInteger();
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket, answers, requests));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private static void serve(Socket socket, Answers answers, AtomicInteger requests) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            boolean goesOn = true;
            while (goesOn) {
                String line = in.readLine();
                while (line != null && !line.isEmpty()) {
                    line = in.readLine();
                }
                goesOn = line != null && answers.go(socket, requests.incrementAndGet());
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldCountWhatAGoodServerAnswers(boolean keepAlive) throws IOException {
        var connections = new AtomicInteger();
        LoadResult result = ask(keepAlive, (socket, _) -> {
            greet(socket);
            return true;
        }, connections);
        assertEquals(List.of(), result.failures());
        assertEquals(result.sent(), result.answered());
        assertEquals(result.answered(), result.intervals().stream().mapToInt(n -> n).sum());
        assertEquals(keepAlive ? CLIENTS : result.sent(), connections.get());
        assertEquals(0, result.reconnected());
    }

    @Test
    void shouldObeyAServerThatClosesWithItsAnswer() throws IOException {
        var connections = new AtomicInteger();
        LoadResult result = ask(true, (socket, request) -> {
            boolean closes = request % 10 == 0;
            answer(socket, "200 OK", closes ? "Connection: close\r\n" : "", GREETING);
            return !closes;
        }, connections);
        assertEquals(List.of(), result.failures());
        assertTrue(connections.get() >= CLIENTS + ENOUGH / 10, connections.toString());
    }

    /**
     * Whether the client learns of the end before its next request or after it is left to chance; it is one of both.
     */
    @Test
    void shouldConnectAnewAfterAnEndBeforeTheRequestAndFailAfterOneBehindIt() throws IOException {
        LoadResult result = ask(true, (socket, _) -> {
            greet(socket);
            return false;
        });
        long ended = result.reconnected() + result.failures().size();
        assertTrue(result.answered() - ended >= 0 && result.answered() - ended <= CLIENTS, result.toString());
        assertTrue(EnumSet.of(Kind.CLOSED, Kind.RESET).containsAll(result.kinds().keySet()), result.toString());
    }

    @Test
    void shouldTellAnEndWithoutAnAnswer() throws IOException {
        assertFailsEveryTenth(Kind.CLOSED, (_, _) -> {});
    }

    @Test
    void shouldTellAnEndInTheMiddleOfAnAnswer() throws IOException {
        assertFailsEveryTenth(Kind.CLOSED, (socket, _) -> socket.getOutputStream()
                .write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void shouldTellAReset() throws IOException {
        assertFailsEveryTenth(Kind.RESET, (socket, _) -> socket.setSoLinger(true, 0));
    }

    @Test
    void shouldTellAnotherStatus() throws IOException {
        assertFailsEveryTenth(Kind.STATUS, (socket, _) -> answer(socket, "503 Service Unavailable", "", GREETING));
    }

    @Test
    void shouldTellAnotherBody() throws IOException {
        assertFailsEveryTenth(Kind.BODY, (socket, _) -> answer(socket, "200 OK", "", "hello from nobody\n"));
    }

    private interface Wrong {
        void go(Socket socket, int request) throws IOException;
    }

    private static void assertFailsEveryTenth(Kind kind, Wrong wrong) throws IOException {
        for (boolean keepAlive : new boolean[]{true, false}) {
            var wrongs = new AtomicInteger();
            LoadResult result = ask(keepAlive, (socket, request) -> {
                if (request % 10 == 0) {
                    wrongs.incrementAndGet();
                    wrong.go(socket, request);
                    return false;
                }
                greet(socket);
                return true;
            });
            assertEquals(Map.of(kind, wrongs.get()), result.kinds());
            assertEquals(result.sent(), result.answered() + wrongs.get());
        }
    }

    @Test
    void shouldTellThatNobodyListens() throws IOException {
        try (var loop = ClosedLoop.start(new Load(Harness.freePort(), "/", CLIENTS, true))) {
            await().until(() -> loop.failed() > 8);
            LoadResult result = loop.stop();
            assertEquals(Map.of(Kind.CONNECT, (int) result.sent()), result.kinds());
        }
    }

    @Test
    void shouldKnowTheRateAndTheWorstHalfSecond() {
        var result = new LoadResult(171, 170, 0, List.of(new Failure(Duration.ofMillis(1600), Kind.RESET, "")),
                List.of(10, 50, 60, 20, 30));
        assertEquals(110, result.rate(Duration.ofMillis(300), Duration.ofMillis(1600)));
        assertEquals(0, result.rate(Duration.ofMillis(600), Duration.ofMillis(900)));
        assertEquals(40, result.worst(Duration.ofMillis(1100), Duration.ofMillis(1700)));
        assertEquals(120, result.worst(Duration.ofMillis(1100), Duration.ofMillis(1200)));
        assertEquals(0, result.worst(Duration.ofMillis(2400), Duration.ofMillis(2600)));
    }

    @Test
    void shouldRefuseAResultThatDoesNotAddUp() {
        var intervals = new ArrayList<Integer>();
        assertThrows(IllegalArgumentException.class, () -> new LoadResult(2, 1, 0, List.of(), intervals));
    }
}
