package programs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;

/** The first worker has a selector ask for connections once, and never accepts one; the others answer with their id. */
public final class Acceptor {
    private Acceptor() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        if (System.getenv("CORRAL_ID").equals("1")) {
            askOnce(port);
        } else {
            acceptAll(port);
        }
    }

    private static void askOnce(int port) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(); Selector selector = Selector.open()) {
            server.configureBlocking(false);
            server.bind(new InetSocketAddress(port));
            server.register(selector, SelectionKey.OP_ACCEPT);
            int _ = selector.selectNow();
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static void acceptAll(int port) throws IOException {
        try (var server = new ServerSocket(port)) {
            while (true) {
                Socket connection = server.accept();
                Thread.startVirtualThread(() -> answer(connection));
            }
        }
    }

    private static void answer(Socket connection) {
        try (connection) {
            if (connection.getInputStream().read() >= 0) {
                connection.getOutputStream()
                        .write((System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            System.out.println(e);
        }
    }
}
