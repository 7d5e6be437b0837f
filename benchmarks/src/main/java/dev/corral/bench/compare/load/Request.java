package dev.corral.bench.compare.load;

import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.time.Duration;

/** Requests on new connections, which do not wait long for an answer. */
public final class Request {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private Request() {}

    /** Sends a request on a new connection. Returns the body of the answer, which is the name of the worker. */
    public static String ask(int port) throws IOException {
        try (HttpConnection connection = connect(port)) {
            connection.send("/", true);
            String worker = connection.receive();
            if (worker.isEmpty()) {
                throw new IOException("the answer is empty");
            }
            return worker;
        }
    }

    /** Opens a connection. */
    public static HttpConnection connect(int port) throws IOException {
        return new HttpConnection(port, PATIENCE);
    }
}
