package dev.corral.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A client's connection to a server of this machine, in HTTP/1.1. All requests on it are answered by the worker that
 * got the connection, until the server closes it. One thread uses it.
 */
public final class HttpConnection implements AutoCloseable {
    private static final String GREETING = "hello from worker ";
    private static final String LENGTH = "content-length:";
    /** The longest wait for an answer, on a machine under load. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Socket socket;
    private final InputStream in;
    /** False while an answer is outstanding, and after a failure. */
    private boolean open = true;

    public HttpConnection(int port) throws IOException {
        this(port, PATIENCE);
    }

    /** Connects. A read that takes longer than {@code patience} throws a {@link java.net.SocketTimeoutException}. */
    public HttpConnection(int port, Duration patience) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) patience.toMillis());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Thrown if the connection ended before the first byte of an answer. Another connection may repeat the request. */
    public static final class ClosedBeforeAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        ClosedBeforeAnswerException(IOException cause) {
            super("the connection ended before the answer", cause);
        }
    }

    /** Sends a request without waiting for its answer. */
    public void send(String path) throws IOException {
        send(path, false);
    }

    /**
     * Sends a request without waiting for its answer.
     *
     * @param last whether the request says that no other request follows on this connection
     */
    public void send(String path, boolean last) throws IOException {
        open = false;
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: "
                + (last ? "close" : "keep-alive") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Waits until an answer begins. Returns false if the connection ends before that. */
    public boolean awaitFirstByte() throws IOException {
        try {
            checkFirstByte();
            return true;
        } catch (ClosedBeforeAnswerException e) {
            return false;
        }
    }

    private void checkFirstByte() throws IOException {
        in.mark(1);
        int first;
        try {
            first = in.read();
        } catch (SocketException e) { // reset
            throw new ClosedBeforeAnswerException(e);
        }
        if (first < 0) {
            throw new ClosedBeforeAnswerException(new EOFException());
        }
        in.reset();
    }

    /**
     * Reads an answer. Returns its body, without white space at the ends.
     *
     * @throws IOException if the status is not 200, or if the answer is not complete
     */
    public String receive() throws IOException {
        String status = readLine();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("status: " + status);
        }
        int length = -1;
        boolean chunked = false;
        boolean closes = false;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith(LENGTH)) {
                length = Integer.parseInt(header.substring(LENGTH.length()).strip());
            }
            closes |= header.equals("connection: close");
            chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
        }
        byte[] body = chunked ? readChunks() : length >= 0 ? readBytes(length) : in.readAllBytes();
        open = !closes && (chunked || length >= 0);
        return new String(body, StandardCharsets.UTF_8).strip();
    }

    /** Sends a request and returns the body of the answer. */
    public String ask(String path) throws IOException {
        send(path);
        return receive();
    }

    /**
     * Asks for the worker that serves this connection. Returns its id.
     *
     * @param last whether the request says that no other request follows on this connection
     * @throws ClosedBeforeAnswerException if the connection ended before the answer
     * @throws IOException for any other answer than the greeting of a worker
     */
    public int askWorker(boolean last) throws IOException {
        try {
            send("/", last);
        } catch (SocketException e) { // the connection was closed or reset before
            throw new ClosedBeforeAnswerException(e);
        }
        checkFirstByte();
        String body = receive();
        open &= !last;
        if (!body.startsWith(GREETING)) {
            throw new IOException("unexpected answer: " + body);
        }
        return Integer.parseInt(body.substring(GREETING.length()));
    }

    /** Returns whether the last answer is complete and allows another request on this connection. */
    public boolean isOpen() {
        return open;
    }

    private byte[] readBytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ends after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private byte[] readChunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(readLine(), 16); size > 0; size = Integer.parseInt(readLine(), 16)) {
            body.write(readBytes(size));
            readLine();
        }
        readLine();
        return body.toByteArray();
    }

    private String readLine() throws IOException {
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

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
