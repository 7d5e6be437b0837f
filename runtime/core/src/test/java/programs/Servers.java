package programs;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.corral.ServerPort;
import dev.corral.WorkerContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Servers of all kinds that answer each line, or each request, with their worker's id. Kind, port or path, and more.
 */
public final class Servers {
    private static final byte[] ID = (System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.US_ASCII);

    private Servers() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "serve" -> serve(Integer.parseInt(args[1]));
            case "serve-throwing" -> WorkerContext.current().serve(Integer.parseInt(args[1]), _ -> {
                throw new IllegalStateException("as asked");
            });
            case "serve-slow-first" -> serveSlowFirst(Integer.parseInt(args[1]));
            case "serve-twice" -> {
                serve(Integer.parseInt(args[1])).close();
                serve(Integer.parseInt(args[1]));
            }
            case "timeout" -> acceptWithTimeout(Integer.parseInt(args[1]));
            case "subclass" -> accept(new Own(Integer.parseInt(args[1])));
            case "factory" -> accept(
                    ServerSocketFactory.getDefault().createServerSocket(Integer.parseInt(args[1]), 50));
            case "constructor-reference" -> {
                IntFunction<ServerSocket> maker = Servers::unchecked;
                Opener<Integer, ServerSocket> opener = ServerSocket::new;
                accept(args.length > 2 ? maker.apply(0) : opener.open(Integer.parseInt(args[1])));
            }
            case "tls" -> {
                var server = (SSLServerSocket) tls(args[2]).getServerSocketFactory()
                        .createServerSocket(Integer.parseInt(args[1]));
                server.setEnabledProtocols(new String[]{"TLSv1.3"});
                accept(server);
            }
            case "https" -> https(Integer.parseInt(args[1]), tls(args[2]));
            case "reuse-port" -> {
                var server = ServerSocketChannel.open();
                server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                server.bind(new InetSocketAddress(Integer.parseInt(args[1])));
                System.out.println("bound " + server.socket().getLocalPort());
                accept(server);
            }
            case "unix" -> {
                Path path = Path.of(args[1]);
                Files.deleteIfExists(path);
                var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                server.bind(UnixDomainSocketAddress.of(path));
                System.out.println("bound " + server.getLocalAddress());
                accept(server);
            }
            case "unix-selector" -> select(UnixDomainSocketAddress.of(args[1]));
            case "udp" -> {
                var socket = new DatagramSocket(Integer.parseInt(args[1]));
                System.out.println("bound " + socket.getLocalPort());
                Thread.sleep(Long.MAX_VALUE);
            }
            case "binds" -> bindManyTimes(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private interface Opener<A, T> {
        T open(A argument) throws IOException;
    }

    private static ServerSocket unchecked(int port) {
        try {
            return new ServerSocket(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does nothing of its own. */
    private static final class Own extends ServerSocket {
        Own(int port) throws IOException {
            super(port);
        }

        @Override
        public Socket accept() throws IOException {
            Socket connection = super.accept();
            connection.setTcpNoDelay(true);
            return connection;
        }
    }

    private static ServerPort serve(int port) throws IOException {
        ServerPort served = WorkerContext.current().serve(port,
                connection -> answer(connection.getInputStream(), connection));
        System.out.println("bound " + served.port() + " balanced " + served.balanced());
        return served;
    }

    /** The worker in slot 0 answers late, as one that waits for a slow database. */
    private static void serveSlowFirst(int port) throws IOException {
        WorkerContext me = WorkerContext.current();
        me.serve(port, connection -> {
            if (me.slot() == 0) {
                Thread.sleep(300);
            }
            answer(connection.getInputStream(), connection);
        });
    }

    private static void acceptWithTimeout(int port) throws IOException {
        var server = new ServerSocket(port);
        server.setSoTimeout(50);
        try {
            Socket connection = server.accept();
            Thread.startVirtualThread(() -> answer(connection));
        } catch (SocketTimeoutException e) {
            System.out.println(e.getMessage());
        }
        server.setSoTimeout(0);
        accept(server);
    }

    private static void accept(ServerSocket server) throws IOException {
        System.out.println("bound " + server.getLocalPort());
        while (true) {
            Socket connection = server.accept();
            Thread.startVirtualThread(() -> answer(connection));
        }
    }

    private static void accept(ServerSocketChannel server) throws IOException {
        while (true) {
            SocketChannel connection = server.accept();
            Thread.startVirtualThread(() -> answer(connection));
        }
    }

    private static void select(UnixDomainSocketAddress address) throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        server.configureBlocking(false);
        var selector = Selector.open();
        server.register(selector, SelectionKey.OP_ACCEPT);
        System.out.println("bound " + address);
        while (true) {
            selector.select(_ -> {
                try {
                    SocketChannel connection = server.accept();
                    if (connection != null) {
                        Thread.startVirtualThread(() -> answer(connection));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    static void answer(SocketChannel connection) {
        try (connection) {
            var in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8));
            while (in.readLine() != null) {
                Channels.newOutputStream(connection).write(ID);
            }
        } catch (IOException e) {
            System.out.println("connection: " + e);
        }
    }

    static void answer(Socket connection) {
        try (connection) {
            answer(connection.getInputStream(), connection);
        } catch (IOException e) {
            System.out.println("connection: " + e);
        }
    }

    private static void answer(InputStream input, Socket connection) throws IOException {
        var in = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            connection.getOutputStream().write(ID);
        }
    }

    private static void https(int port, SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, ID.length);
                exchange.getResponseBody().write(ID);
            }
        });
        server.start();
    }

    private static SSLContext tls(String keyStoreFile) throws GeneralSecurityException, IOException {
        char[] password = "changeit".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(keyStoreFile))) {
            keys.load(in, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Server sockets, channels and selectors, each bound, used and closed. */
    private static void bindManyTimes(int port, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            switch (i % 4) {
                case 0 -> new ServerSocket(port).close();
                case 1 -> WorkerContext.current().serve(port, _ -> {}).close();
                case 2 -> ServerSocketChannel.open().bind(new InetSocketAddress(port)).close();
                default -> {
                    try (var channel = ServerSocketChannel.open(); var selector = Selector.open()) {
                        channel.configureBlocking(false);
                        channel.register(selector, SelectionKey.OP_ACCEPT);
                        channel.bind(new InetSocketAddress(port));
                        channel.close();
                        selector.selectNow();
                    }
                }
            }
        }
        System.out.println("bound " + times + " times");
        Thread.sleep(Long.MAX_VALUE);
    }
}
