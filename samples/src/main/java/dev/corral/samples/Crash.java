package dev.corral.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A server that can be made to end in several ways, to show that Corral restarts it: {@code /crash} throws in a thread,
 * {@code /exit?code=3} exits, {@code /halt} ends without shutdown hooks; any other path returns the name of the worker.
 *
 * <p>Try {@code corral run crash -i 4}, then {@code curl localhost:8000/crash} and {@code curl localhost:8000}.
 */
public final class Crash {
    private Crash() {}

    public static void main(String[] args) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(args.length == 0 ? 8000 : Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, "worker " + System.getenv("CORRAL_ID")));
        server.createContext("/crash", exchange -> {
            answer(exchange, "worker " + System.getenv("CORRAL_ID") + " crashes");
            new Thread(() -> {
                throw new IllegalStateException("as you asked");
            }, "crasher").start();
        });
        server.createContext("/exit", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            int code = query == null ? 0 : Integer.parseInt(query.replace("code=", ""));
            answer(exchange, "worker " + System.getenv("CORRAL_ID") + " exits with " + code);
            System.exit(code);
        });
        server.createContext("/halt", _ -> Runtime.getRuntime().halt(9));
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("shutdown hook")));
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        try (exchange) {
            byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
