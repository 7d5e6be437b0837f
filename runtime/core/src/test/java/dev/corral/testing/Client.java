package dev.corral.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Asks servers for the worker that answers. A server that reads lines instead of HTTP answers as well. */
public final class Client {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Client() {}

    /** Sends a request on a new connection. Returns the id of the worker that answered. */
    public static int ask(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            return ask(socket);
        }
    }

    public static int ask(Socket socket) throws IOException {
        socket.setSoTimeout((int) Harness.LONG.toMillis());
        return ask(socket.getInputStream(), socket.getOutputStream());
    }

    public static int askOverTls(int port) throws IOException, GeneralSecurityException {
        try (Socket socket = trusting().getSocketFactory().createSocket("127.0.0.1", port)) {
            return ask(socket);
        }
    }

    /** Returns the client's side of TLS, without a session, which trusts every certificate. */
    public static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[]{new TrustAll()}, null);
        return context;
    }

    public static int ask(Path unixDomainSocket) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(unixDomainSocket));
            return ask(Channels.newInputStream(channel), Channels.newOutputStream(channel));
        }
    }

    private static int ask(InputStream input, OutputStream output) throws IOException {
        output.write(REQUEST);
        var in = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        String line = in.readLine();
        while (line != null && !line.matches("[0-9]+|hello from worker [0-9]+")) {
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("the connection ended without an answer");
        }
        return Integer.parseInt(line.replace("hello from worker ", ""));
    }

    /** A request that can be sent many times. */
    public interface Question {
        int ask() throws Exception;
    }

    /** Sends a request this number of times. Returns the number of answers by worker. */
    public static Map<Integer, Integer> count(int times, Question question) throws Exception {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(question.ask(), 1, Integer::sum);
        }
        return counts;
    }

    /** Trusts everybody, because the servers of the tests sign their own certificates. */
    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
