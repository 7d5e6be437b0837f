package dev.corral.samples;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * An ordinary program that does not use Corral's API: the JDK's HTTP server on port 8000, or on the port in its first
 * argument. Each worker answers with its own name.
 *
 * <p>Try {@code corral run hello -i 4}, then {@code curl localhost:8000} a few times.
 */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) throws IOException {
        int port = args.length == 0 ? 8000 : Integer.parseInt(args[0]);
        byte[] body = ("hello from worker " + System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.UTF_8);
        var server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }
}
