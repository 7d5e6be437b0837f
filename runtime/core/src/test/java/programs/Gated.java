package programs;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Servers that answer with their id, and wait at certain points until a file is there: {@code start}, before they ask
 * for connections of a port that they have bound; {@code second-ID}, before they open another port; {@code answer},
 * before they answer a request that waits.
 */
public final class Gated {
    private static final String ID = System.getenv("CORRAL_ID");

    private Gated() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        Path gates = Path.of(args[2]);
        switch (args[0]) {
            case "http" -> {
                HttpServer server = bind(port);
                await(gates.resolve("start"));
                server.start();
            }
            case "socket" -> acceptOneByOne(port, gates);
            case "channel" -> select(port, gates);
            case "two" -> {
                bind(port).start();
                await(gates.resolve("second-" + ID));
                bind(Integer.parseInt(args[3])).start();
            }
            case "one-of-two" -> bind(port).start();
            case "deadlock" -> deadlock(port);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void await(Path gate) throws InterruptedException {
        while (!Files.exists(gate)) {
            Thread.sleep(5);
        }
    }

    private static HttpServer bind(int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> {
            byte[] body = (ID + "\n").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        return server;
    }

    /** On one thread: while it answers, it accepts nobody. */
    private static void acceptOneByOne(int port, Path gates) throws Exception {
        try (var server = new ServerSocket(port)) {
            await(gates.resolve("start"));
            while (true) {
                try (Socket connection = server.accept()) {
                    answer(connection, gates);
                } catch (IOException e) {
                    System.out.println("connection: " + e);
                }
            }
        }
    }

    private static void select(int port, Path gates) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(); Selector selector = Selector.open()) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            server.bind(new InetSocketAddress(port));
            await(gates.resolve("start"));
            while (true) {
                selector.select();
                selector.selectedKeys().clear();
                for (var accepted = server.accept(); accepted != null; accepted = server.accept()) {
                    try (Socket connection = accepted.socket()) {
                        answer(connection, gates);
                    } catch (IOException e) {
                        System.out.println("connection: " + e);
                    }
                }
            }
        }
    }

    private static void answer(Socket connection, Path gates) throws IOException, InterruptedException {
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        String request = in.readLine();
        if (request != null && request.startsWith("WAIT")) {
            await(gates.resolve("answer"));
        }
        connection.getOutputStream().write((ID + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The thread that accepts waits for a lock for ever, once somebody has connected. */
    private static void deadlock(int port) throws Exception {
        var mine = new Object();
        var other = new Object();
        try (var server = new ServerSocket(port); Socket _ = server.accept()) {
            synchronized (mine) {
                var locked = new java.util.concurrent.CountDownLatch(1);
                Thread.ofPlatform().start(() -> {
                    synchronized (other) {
                        locked.countDown();
                        synchronized (mine) {
                            System.out.println("never");
                        }
                    }
                });
                locked.await();
                System.out.println("deadlocked");
                synchronized (other) {
                    System.out.println("never");
                }
            }
        }
    }
}
