package dev.corral.it;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients in parallel, in HTTP/1.1. Any answer but a good one fails. */
final class Load {
    private final int port;
    private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();

    private Load(int port) {
        this.port = port;
    }

    /** Requests on connections that are kept; how many each worker has answered. */
    static Map<Integer, Integer> keepAlive(int port, int clients, int requestsEach) throws Exception {
        var load = new Load(port);
        return load.run(clients, () -> {
            load.onOneConnection(requestsEach);
            return null;
        });
    }

    /** Each request on a connection of its own. */
    static Map<Integer, Integer> newConnections(int port, int clients, int requestsEach) throws Exception {
        var load = new Load(port);
        return load.run(clients, () -> {
            for (int i = 0; i < requestsEach; i++) {
                load.onOneConnection(1);
            }
            return null;
        });
    }

    private Map<Integer, Integer> run(int clients, Callable<Void> client) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(client));
            }
            for (Future<Void> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a client failed; answers until then: " + answers, e.getCause());
        }
        return new TreeMap<>(answers);
    }

    /** On one connection, and on further ones where the server closes it, as some do after a hundred requests. */
    private void onOneConnection(int requests) throws IOException {
        int left = requests;
        while (left > 0) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout((int) Harness.LONG.toMillis());
                socket.setTcpNoDelay(true);
                left = askUntilClosed(socket, left);
            }
        }
    }

    /** How many requests are left. */
    private int askUntilClosed(Socket socket, int requests) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        int left = requests;
        boolean open = true;
        while (left > 0 && open) {
            String connection = left == 1 ? "close" : "keep-alive";
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            Answer answer = readAnswer(in);
            if (!answer.body.startsWith("hello from worker ")) {
                throw new IOException("unexpected answer: " + answer);
            }
            answers.merge(Integer.parseInt(answer.body.substring(18)), 1, Integer::sum);
            left--;
            open = !answer.closes;
        }
        return left;
    }

    private record Answer(String body, boolean closes) {}

    private static Answer readAnswer(InputStream in) throws IOException {
        String status = readLine(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("status: " + status);
        }
        int length = -1;
        boolean chunked = false;
        boolean closes = false;
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            String header = line.toLowerCase(java.util.Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).trim());
            }
            closes |= header.equals("connection: close");
            chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
        }
        byte[] body = chunked ? readChunks(in) : length >= 0 ? in.readNBytes(length) : in.readAllBytes();
        return new Answer(new String(body, StandardCharsets.UTF_8).trim(), closes);
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        var body = new java.io.ByteArrayOutputStream();
        for (int size = Integer.parseInt(readLine(in), 16); size > 0; size = Integer.parseInt(readLine(in), 16)) {
            body.write(in.readNBytes(size));
            readLine(in);
        }
        readLine(in);
        return body.toByteArray();
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended in the middle of an answer: " + line);
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
