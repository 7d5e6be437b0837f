package dev.corral.bench.compare.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Requests on a new connection each. */
public final class Request {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private Request() {}

    /** Sends a request and returns the last line of the answer, which is the name of the worker. */
    public static String ask(int port) throws IOException {
        try (Socket socket = connect(port)) {
            send(socket, "/");
            List<String> lines = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .toList();
            if (lines.isEmpty() || !lines.getFirst().startsWith("HTTP/1.1 200") || lines.getLast().isEmpty()) {
                throw new IOException("no answer: " + lines);
            }
            return lines.getLast();
        }
    }

    public static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    public static void send(Socket socket, String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }
}
