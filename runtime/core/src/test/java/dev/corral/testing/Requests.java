package dev.corral.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Single requests to programs that serve a port of this machine. */
public final class Requests {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FIRST_PORT = 10_000;
    /** Linux gives the ports from 32768 on to clients. */
    private static final int PORTS = 22_000;
    private static final AtomicInteger NEXT_PORT = new AtomicInteger((int) (ProcessHandle.current().pid() * 101));

    private Requests() {}

    /**
     * Returns a port of this machine that nobody uses at the moment, and that no later call returns for a while. The
     * system gives these ports to nobody by itself: otherwise the clients of other tests could take the port before a
     * server of this test does. Test JVMs that run at the same time begin far from each other.
     */
    public static int freePort() {
        while (true) {
            int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            try (var _ = new ServerSocket(port)) {
                return port;
            } catch (BindException e) {
                // the next one
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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
