package programs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** An ordinary HTTP server on the JDK's own; port and kind of threads from its arguments. */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        switch (args.length > 1 ? args[1] : "dispatcher") {
            case "virtual" -> server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            case "pool" -> server.setExecutor(Executors.newFixedThreadPool(4));
            default -> {
            }
        }
        server.createContext("/", Hello::handle);
        server.start();
        System.out.println("port " + server.getAddress().getPort());
    }

    private static void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/exit" -> System.exit(3);
                case "/throw" -> new Thread(() -> {
                    throw new IllegalStateException("boom");
                }).start();
                case "/slow" -> {
                    System.out.println("slow");
                    Thread.sleep(300);
                }
                case "/context" -> answer(exchange, Thread.currentThread().getContextClassLoader().getName());
                default -> {
                }
            }
            answer(exchange, "hello from worker " + System.getenv("CORRAL_ID"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }
}
