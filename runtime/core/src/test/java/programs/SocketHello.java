package programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;

/** An ordinary server on blocking sockets: a thread a connection, which answers each line with the worker's id. */
public final class SocketHello {
    private SocketHello() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        boolean virtual = args.length > 2;
        if (args[1].equals("channel")) {
            var server = ServerSocketChannel.open().bind(new InetSocketAddress(port));
            System.out.println("bound " + server.socket().getLocalPort());
            while (true) {
                start(virtual, server.accept().socket());
            }
        }
        try (var server = new ServerSocket(port)) {
            System.out.println("bound " + server.getLocalPort());
            while (true) {
                start(virtual, server.accept());
            }
        }
    }

    private static void start(boolean virtual, Socket connection) {
        Runnable serve = () -> serve(connection);
        if (virtual) {
            Thread.startVirtualThread(serve);
        } else {
            new Thread(serve).start();
        }
    }

    private static void serve(Socket connection) {
        try (connection) {
            var in = new BufferedReader(
                    new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            while (in.readLine() != null) {
                connection.getOutputStream()
                        .write((System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            System.out.println("connection: " + e);
        }
    }

}
