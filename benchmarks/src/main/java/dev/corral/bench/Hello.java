package dev.corral.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The program of the benchmarks: the JDK's HTTP server on the port of its first argument, 0 for a random shared one. */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) throws IOException {
        byte[] body = ("hello from worker " + System.getenv("CORRAL_ID") + "\n").getBytes();
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                switch (exchange.getRequestURI().getPath()) {
                    case "/crash" -> new Thread(() -> {
                        throw new IllegalStateException("as asked");
                    }).start();
                    case "/spin" -> spin();
                    case "/slow" -> rest();
                    default -> {
                    }
                }
                if ("close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
                    // The server closes in any case; a client that is not told may ask again, and is cut off.
                    exchange.getResponseHeaders().set("Connection", "close");
                }
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    private static void rest() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IOException("interrupted before the answer", e);
        }
    }

    private static void spin() {
        while (true) {}
    }
}
