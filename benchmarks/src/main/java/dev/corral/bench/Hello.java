package dev.corral.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/**
 * The program of the benchmarks: the JDK's HTTP server on the port in its first argument; 0 for a random shared one.
 */
public final class Hello {
    private static final Queue<byte[]> LEAKED = new ConcurrentLinkedQueue<>();

    private Hello() {}

    public static void main(String[] args) throws IOException {
        byte[] body = ("hello from worker " + System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.UTF_8);
        var server = HttpServer
                .create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                switch (exchange.getRequestURI().getPath()) {
                    case "/crash" -> new Thread(() -> {
                        throw new IllegalStateException("as asked");
                    }).start();
                    case "/spin" -> spin();
                    case "/slow" -> rest();
                    case "/leak" -> leak(Integer.parseInt(exchange.getRequestURI().getQuery()));
                    default -> {
                    }
                }
                if ("close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
                    // The server closes the connection in any case. A client without this header may send another request, and is cut off.
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

    /** Keeps a number of MiB, in arrays of 1 KiB. */
    private static void leak(int mib) {
        for (int i = 0; i < mib * 1024; i++) {
            LEAKED.add(new byte[1024]);
        }
    }

    private static void spin() {
        while (true) {}
    }
}
