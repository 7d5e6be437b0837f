package dev.corral.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corral.samples.zombie.Runaway;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server that can be made to hang in several ways: {@code /spin?kind=K} never answers, {@code /kinds} lists the ways.
 * With {@code &on=virtual} it hangs on a virtual thread, with {@code &on=pool} on a thread of a pool, otherwise on the
 * thread that accepts and answers all requests.
 *
 * <p>Try {@code corral run zombie -i 4}, then {@code curl localhost:8000/spin?kind=while}, and watch {@code top}.
 */
public final class Zombie {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(2);
    private static final ExecutorService VIRTUAL = Executors.newVirtualThreadPerTaskExecutor();

    private Zombie() {}

    public static void main(String[] args) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(args.length == 0 ? 8000 : Integer.parseInt(args[0])), 0);
        server.createContext("/", exchange -> answer(exchange, 200, "worker " + System.getenv("CORRAL_ID")));
        server.createContext("/kinds", exchange -> answer(exchange, 200, String.join("\n", Runaway.names())));
        server.createContext("/spin", Zombie::spin);
        server.start();
    }

    private static void spin(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange);
        Runaway kind;
        try {
            kind = Runaway.of(query.getOrDefault("kind", "while"));
        } catch (IllegalArgumentException e) {
            answer(exchange, 400, String.valueOf(e.getMessage()));
            return;
        }
        Runnable runaway = () -> {
            System.out.println("worker " + System.getenv("CORRAL_ID") + " runs away: " + kind);
            kind.run();
            end(exchange);
        };
        switch (query.getOrDefault("on", "server")) {
            case "virtual" -> VIRTUAL.execute(runaway);
            case "pool" -> POOL.execute(runaway);
            default -> runaway.run();
        }
    }

    private static void end(HttpExchange exchange) {
        try {
            answer(exchange, 200, "it has ended after all");
        } catch (IOException e) {
            System.err.println("nobody waits for the answer: " + e);
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> values = new HashMap<>();
        String query = exchange.getRequestURI().getQuery();
        if (query != null) {
            Arrays.stream(query.split("&")).map(pair -> pair.split("=", 2)).filter(pair -> pair.length == 2)
                    .forEach(pair -> values.put(pair[0], pair[1]));
        }
        return values;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
