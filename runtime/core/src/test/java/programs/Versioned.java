package programs;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A server whose version, and what is wrong with it, stand in a file of its jar: {@code version what}. */
public final class Versioned {
    private static volatile boolean spins = true;

    private Versioned() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        String[] words = read("version").trim().split(" ");
        switch (words[1]) {
            case "throws" -> throw new IllegalStateException("version " + words[0] + " is broken");
            case "exits" -> System.exit(3);
            case "completes" -> {
                return;
            }
            case "never-listens" -> new Thread(Versioned::sleep).start();
            case "hangs" -> sleep();
            case "spins" -> {
                while (spins) { // for ever
                }
            }
            case "listens-late" -> {
                Thread.sleep(700);
                serve(Integer.parseInt(args[0]), words[0]);
            }
            default -> serve(Integer.parseInt(args[0]), words[0]);
        }
    }

    private static String read(String resource) throws IOException {
        try (InputStream in = Versioned.class.getResourceAsStream("/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            // ends
        }
    }

    private static void serve(int port, String version) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newFixedThreadPool(2));
        byte[] answer = version.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Connection", "close");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }
}
