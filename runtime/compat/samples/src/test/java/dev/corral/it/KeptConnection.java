package dev.corral.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection with keep-alive: all its requests are answered by the worker that it was handed to. */
final class KeptConnection implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    KeptConnection(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Duration.ofMinutes(2).toMillis());
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** One that was handed to this worker. */
    static KeptConnection to(long worker, int port) throws IOException {
        while (true) {
            var connection = new KeptConnection(port);
            if (Clients.workerOf(connection.ask("/hello")) == worker) {
                return connection;
            }
            connection.close();
        }
    }

    void send(String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for an answer to begin; false if the connection ends before that. */
    boolean awaitFirstByte() throws IOException {
        try {
            in.mark(1);
            boolean begins = in.read() >= 0;
            in.reset();
            return begins;
        } catch (SocketException e) { // reset
            return false;
        }
    }

    /** The body of the answer. */
    String receive() throws IOException {
        String status = in.readLine();
        if (status == null || !status.contains(" 200 ")) {
            throw new IOException("answered with " + status);
        }
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        var body = new char[length];
        int read = 0;
        while (read < length) {
            int n = in.read(body, read, length - read);
            if (n < 0) {
                throw new IOException("the body ends after " + read + " of " + length);
            }
            read += n;
        }
        return new String(body).strip();
    }

    String ask(String path) throws IOException {
        send(path);
        return receive();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
