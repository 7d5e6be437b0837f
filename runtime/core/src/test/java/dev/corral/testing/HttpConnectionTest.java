package dev.corral.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.HttpConnection.ClosedBeforeAnswerException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String FIRST = OK + "Content-Length: 20\r\n\r\nhello from worker 1\n";

    private interface Client {
        void use(HttpConnection connection) throws IOException;
    }

    /** Lets a client use a connection to a server that gives these answers and then closes the connection. */
    private static void with(List<String> answers, Client client) throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server, answers));
            try (var connection = new HttpConnection(server.getLocalPort())) {
                client.use(connection);
            }
        }
    }

    private static void answer(ServerSocket server, List<String> answers) {
        try (Socket socket = server.accept()) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String answer : answers) {
                while (!in.readLine().isEmpty()) {
                    // the head of the request
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // the client has closed the connection
        }
    }

    @Test
    void shouldReadOneAnswerAfterTheOther() throws IOException {
        String second = OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nf\r\n from worker 12\r\n0\r\n\r\n";
        String third = OK + "Connection: close\r\nContent-Length: 2\r\n\r\nhi";
        with(List.of(FIRST, second, third), connection -> {
            assertEquals(1, connection.askWorker(false));
            assertEquals(12, connection.askWorker(false));
            assertTrue(connection.isOpen());
            assertEquals("hi", connection.ask("/"));
            assertFalse(connection.isOpen());
        });
    }

    @Test
    void shouldReadAnAnswerThatTheEndOfTheConnectionEnds() throws IOException {
        with(List.of(OK + "\r\nhello from worker 3"), connection -> {
            assertEquals("hello from worker 3", connection.ask("/"));
            assertFalse(connection.isOpen());
        });
    }

    @Test
    void shouldDistinguishAnEndBeforeTheAnswerFromAnEndWithinIt() throws IOException {
        with(List.of(FIRST), connection -> {
            assertEquals(1, connection.askWorker(false));
            assertThrows(ClosedBeforeAnswerException.class, () -> connection.askWorker(false));
            assertFalse(connection.isOpen());
        });
        with(List.of(OK + "Content-Length: 20\r\n\r\nhello"), connection -> {
            connection.send("/");
            assertTrue(connection.awaitFirstByte());
            var failure = assertThrows(EOFException.class, connection::receive);
            assertEquals("the body ends after 5 of 20 bytes", failure.getMessage());
        });
        with(List.of(), connection -> assertThrows(IOException.class, () -> connection.ask("/")));
    }

    @Test
    void shouldRefuseOtherAnswers() throws IOException {
        with(List.of("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
                connection -> assertThrows(IOException.class, () -> connection.ask("/")));
        with(List.of(OK + "Content-Length: 5\r\n\r\nhello"),
                connection -> assertThrows(IOException.class, () -> connection.askWorker(true)));
    }

    @Test
    void shouldNotWaitLongerThanItsPatience() throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var connection = new HttpConnection(server.getLocalPort(), Duration.ofMillis(10))) {
            assertThrows(SocketTimeoutException.class, () -> connection.ask("/"));
        }
    }
}
