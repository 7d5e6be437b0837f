package programs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP server that uses memory on request: {@code /allocate/BYTES}, {@code /define/CLASSES}, {@code /exhaust}.
 * Argument: a port.
 */
public final class Hungry {
    private static final int CHUNK = 1 << 16;
    private static final List<Class<?>> DEFINED = new ArrayList<>();
    private static volatile Object sink = "";

    private Hungry() {}

    public static void main(String[] args) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.createContext("/", Hungry::handle);
        server.start();
    }

    private static void handle(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        String task = path.length > 1 ? path[1] : "";
        try (exchange) {
            switch (task) {
                case "allocate" -> allocate(Long.parseLong(path[2]));
                case "define" -> define(Integer.parseInt(path[2]));
                default -> {
                }
            }
            byte[] body = ("worker " + System.getenv("CORRAL_ID")).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
        if (task.equals("exhaust")) { // after the answer: a client asks another worker again when the first one ends without one
            new Thread(() -> sink = new long[Integer.MAX_VALUE]).start();
        }
    }

    private static void allocate(long bytes) {
        for (long left = bytes; left > 0; left -= CHUNK) {
            sink = new byte[CHUNK];
        }
    }

    private static synchronized void define(int classes) throws IOException {
        try (InputStream in = Hungry.class.getResourceAsStream("Hungry.class")) {
            byte[] code = in.readAllBytes();
            for (int i = 0; i < classes; i++) {
                DEFINED.add(MethodHandles.lookup().defineHiddenClass(code, false).lookupClass());
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
