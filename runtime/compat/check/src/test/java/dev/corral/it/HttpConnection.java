package dev.corral.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client's connection, in HTTP/1.1. Used by one thread. */
final class HttpConnection implements AutoCloseable {
    private static final String GREETING = "hello from worker ";

    private final Socket socket;
    private final InputStream in;
    /** False also after a failure. */
    private boolean open = true;

    HttpConnection(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) Harness.LONG.toMillis());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** It had been closed before it brought any of the answer: another connection may be asked. */
    static final class ClosedBeforeAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        ClosedBeforeAnswerException(IOException cause) {
            super("the connection ended before the answer", cause);
        }
    }

    /**
     * Asks who is there; the worker's id.
     *
     * @param last whether the server is told that nothing follows on this connection
     * @throws IOException for any answer but a good one
     */
    int ask(boolean last) throws IOException {
        open = false;
        int first;
        try {
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: "
                    + (last ? "close" : "keep-alive") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            in.mark(1);
            first = in.read();
        } catch (SocketException e) { // reset, or written into what is closed
            throw new ClosedBeforeAnswerException(e);
        }
        if (first < 0) {
            throw new ClosedBeforeAnswerException(new EOFException());
        }
        in.reset();
        String body = readAnswer(last);
        if (!body.startsWith(GREETING)) {
            throw new IOException("unexpected answer: " + body);
        }
        return Integer.parseInt(body.substring(GREETING.length()));
    }

    /** Whether more may be asked. */
    boolean isOpen() {
        return open;
    }

    private String readAnswer(boolean last) throws IOException {
        String status = readLine();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("status: " + status);
        }
        int length = -1;
        boolean chunked = false;
        boolean closes = last;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).trim());
            }
            closes |= header.equals("connection: close");
            chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
        }
        open = !closes;
        byte[] body = chunked ? readChunks() : length >= 0 ? in.readNBytes(length) : in.readAllBytes();
        return new String(body, StandardCharsets.UTF_8).trim();
    }

    private byte[] readChunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(readLine(), 16); size > 0; size = Integer.parseInt(readLine(), 16)) {
            body.write(in.readNBytes(size));
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
    public void close() throws IOException {
        socket.close();
    }
}
