package programs;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Servers of HTTP that keep connections open, each in its own way; they answer with the worker's id, and print when
 * they have. The path {@code /slow} takes a second. The kind {@code lines} is no HTTP.
 */
public final class KeptAlive {
    private static final String ID = System.getenv("CORRAL_ID");

    private KeptAlive() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        switch (args[0]) {
            case "http" -> http(port);
            case "threads" -> threads(port, false);
            case "virtual" -> threads(port, true);
            case "channels" -> channels(port);
            case "selector" -> selector(port);
            case "lines" -> lines(port);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void http(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", exchange -> {
            pause(exchange.getRequestURI().getPath());
            byte[] body = ID.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            System.out.println("answered");
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private static void threads(int port, boolean virtual) throws IOException {
        var server = new ServerSocket(port);
        while (true) {
            Socket socket = server.accept();
            Runnable serve = () -> {
                try (socket) {
                    serve(socket.getInputStream(), socket.getOutputStream());
                } catch (IOException e) {
                    System.out.println("failed " + e);
                }
            };
            var _ = virtual ? Thread.startVirtualThread(serve) : Thread.ofPlatform().start(serve);
        }
    }

    private static void channels(int port) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(port));
        while (true) {
            SocketChannel channel = server.accept();
            Thread.ofPlatform().start(() -> {
                try (channel) {
                    serve(Channels.newInputStream(channel), Channels.newOutputStream(channel));
                } catch (IOException e) {
                    System.out.println("failed " + e);
                }
            });
        }
    }

    private static void serve(InputStream input, OutputStream output) throws IOException {
        var in = new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII));
        String request = in.readLine();
        while (request != null) {
            String line = request;
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            pause(request.split(" ")[1]);
            output.write(answer());
            System.out.println("answered");
            request = in.readLine();
        }
        System.out.println("end of stream");
    }

    /** Nothing but requests without a body that come in one piece. */
    private static void selector(int port) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(port));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        var buffer = ByteBuffer.allocateDirect(4096);
        while (true) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel accepted = server.accept();
                    if (accepted != null) {
                        accepted.configureBlocking(false);
                        accepted.register(selector, SelectionKey.OP_READ);
                    }
                } else {
                    var channel = (SocketChannel) key.channel();
                    buffer.clear();
                    int count = channel.read(buffer);
                    if (count < 0) {
                        channel.shutdownOutput();
                        channel.close();
                        System.out.println("end of stream");
                    } else {
                        byte[] request = new byte[count];
                        buffer.flip().get(request);
                        pause(new String(request, StandardCharsets.US_ASCII).split(" ")[1]);
                        byte[] answer = answer();
                        channel.write(new ByteBuffer[]{ByteBuffer.wrap(answer, 0, 20),
                                ByteBuffer.wrap(answer, 20, answer.length - 20)});
                        System.out.println("answered");
                    }
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private static void lines(int port) throws IOException {
        var server = new ServerSocket(port);
        while (true) {
            Socket socket = server.accept();
            Thread.startVirtualThread(() -> {
                try (socket) {
                    var in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                    while (in.readLine() != null) {
                        socket.getOutputStream().write((ID + "\n").getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException e) {
                    System.out.println("failed " + e);
                }
            });
        }
    }

    private static byte[] answer() {
        return ("HTTP/1.1 200 OK\r\nContent-Length: " + ID.length() + "\r\n\r\n" + ID)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void pause(String path) {
        if (path.equals("/slow")) {
            System.out.println("slow");
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
