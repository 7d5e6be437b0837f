package dev.corral.it;

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

/** Asks servers who they are: in HTTP, which one that takes lines answers as well. */
final class Client {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Client() {}

    /** On a connection of its own; the worker's id. */
    static int ask(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            return ask(socket);
        }
    }

    static int ask(Socket socket) throws IOException {
        socket.setSoTimeout((int) Harness.LONG.toMillis());
        return ask(socket.getInputStream(), socket.getOutputStream());
    }

    static int askOverTls(int port) throws IOException, GeneralSecurityException {
        try (Socket socket = trusting().getSocketFactory().createSocket("127.0.0.1", port)) {
            return ask(socket);
        }
    }

    /** A client's side of TLS, that knows no session yet. */
    static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[]{new TrustAll()}, null);
        return context;
    }

    static int ask(Path unixDomainSocket) throws IOException {
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

    /** Something that may be asked many times. */
    interface Question {
        int ask() throws Exception;
    }

    /** How often each worker has answered. */
    static Map<Integer, Integer> count(int times, Question question) throws Exception {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(question.ask(), 1, Integer::sum);
        }
        return counts;
    }

    /** The servers of these tests have certificates of their own making. */
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
