package dev.corral.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Single requests to programs that serve a port of this machine. */
public final class Requests {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Requests() {}

    /** Returns a port of this machine that nobody uses at the moment. */
    public static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request on a new connection. Returns the body of the answer, without white space at the ends. */
    public static String get(int port, String path) throws IOException, InterruptedException {
        return get(port, path, PATIENCE);
    }

    /** Like {@link #get(int, String)}, for answers that may take longer. */
    static String get(int port, String path, Duration patience) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(patience)
                    .build(), BodyHandlers.ofString()).body().strip();
        }
    }
}
