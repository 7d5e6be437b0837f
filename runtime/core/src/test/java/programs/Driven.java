package programs;

import dev.corral.WorkerContext;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * Obeys the commands of a test. It reads one command per line from a connection to the test, and answers each with one
 * line. Its servers answer requests with the id of their worker, like the servers of {@link Servers}. If an address
 * cannot be bound, the answer is the message of the exception.
 */
public final class Driven {
    private static final String ID = Long.toString(WorkerContext.current().id());
    private static final Map<String, Closeable> OPEN = new HashMap<>();

    private Driven() {}

    public static void main(String[] args) throws IOException {
        var test = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        var commands = new BufferedReader(new InputStreamReader(test.getInputStream(), StandardCharsets.UTF_8));
        var answers = new PrintStream(test.getOutputStream(), true, StandardCharsets.UTF_8);
        answers.println(ID);
        obey(commands, answers);
    }

    /** On the thread that runs {@code main}, until that is told to return; then on one that keeps nobody alive. */
    private static void obey(BufferedReader commands, PrintStream answers) {
        try {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                if (line.equals("return")) {
                    var later = new Thread(() -> obey(commands, answers));
                    later.setDaemon(true);
                    later.start();
                    answers.println(line);
                    return;
                }
                answers.println(answer(line.split(" ")));
            }
        } catch (IOException e) {
            System.out.println("commands: " + e);
        }
    }

    private static String answer(String[] words) {
        try {
            return switch (words[0]) {
                case "socket" -> socket(words);
                case "idle-socket" -> idleSocket(words);
                case "channel" -> channel(words, ServerSocketChannel.open());
                case "ipv4-channel" -> channel(words, ServerSocketChannel.open(StandardProtocolFamily.INET));
                case "multicast" -> {
                    var socket = new MulticastSocket(address(words));
                    OPEN.put(words[1], socket);
                    yield Integer.toString(socket.getLocalPort());
                }
                case "asynchronous" -> {
                    var server = AsynchronousServerSocketChannel.open().bind(address(words));
                    OPEN.put(words[1], server);
                    yield Integer.toString(((InetSocketAddress) server.getLocalAddress()).getPort());
                }
                case "reuse-port" -> channel(words,
                        ServerSocketChannel.open().setOption(StandardSocketOptions.SO_REUSEPORT, true));
                case "unix" -> channel(words, ServerSocketChannel.open(StandardProtocolFamily.UNIX));
                case "permissions" -> Files
                        .setPosixFilePermissions(Path.of(words[1]), PosixFilePermissions.fromString(words[2]))
                        .toString();
                case "udp" -> udp(words, false, false);
                case "udp-reuse-address" -> udp(words, true, false);
                case "udp-reuse-port" -> udp(words, false, true);
                case "send" -> send(words);
                case "call" -> call(words[1], Integer.parseInt(words[2]));
                case "bound" -> Boolean.toString(((DatagramSocket) OPEN.get(words[1])).isBound());
                case "close" -> {
                    OPEN.remove(words[1]).close();
                    yield "closed";
                }
                case "ready" -> {
                    WorkerContext.current().ready();
                    yield "ready";
                }
                case "leave" -> {
                    WorkerContext.current().disconnect();
                    yield "may come too late";
                }
                case "exit" -> {
                    System.exit(Integer.parseInt(words[1]));
                    yield "does not come";
                }
                default -> throw new IllegalArgumentException(words[0]);
            };
        } catch (IOException e) {
            return e.getMessage();
        } catch (UnsupportedAddressTypeException e) {
            return "unsupported address";
        }
    }

    /** Of {@code 8000} or {@code ::1:8000}; null if the command names no port. */
    private static SocketAddress address(String[] words) {
        if (words.length < 3) {
            return null;
        }
        int colon = words[2].lastIndexOf(':');
        int port = Integer.parseInt(words[2].substring(colon + 1));
        return colon < 0 ? new InetSocketAddress(port) : new InetSocketAddress(words[2].substring(0, colon), port);
    }

    private static String socket(String[] words) throws IOException {
        String bound = boundSocket(words);
        var server = (ServerSocket) OPEN.get(words[1]);
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    Socket connection = server.accept();
                    Thread.startVirtualThread(() -> Servers.answer(connection));
                }
            } catch (IOException e) {
                // closed
            }
        });
        return bound;
    }

    /** Asks for connections once, and never accepts one. */
    private static String idleSocket(String[] words) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try (Selector selector = Selector.open()) {
            server.configureBlocking(false);
            server.bind(address(words), words.length > 3 ? Integer.parseInt(words[3]) : 50);
            server.register(selector, SelectionKey.OP_ACCEPT);
            int _ = selector.selectNow();
        } catch (IOException e) {
            server.close();
            throw e;
        }
        OPEN.put(words[1], server);
        return Integer.toString(server.socket().getLocalPort());
    }

    private static String boundSocket(String[] words) throws IOException {
        var server = new ServerSocket();
        try {
            server.bind(address(words), words.length > 3 ? Integer.parseInt(words[3]) : 50);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        OPEN.put(words[1], server);
        return Integer.toString(server.getLocalPort());
    }

    private static String channel(String[] words, ServerSocketChannel server) throws IOException {
        boolean isUnix = words[0].equals("unix");
        try {
            server.bind(isUnix ? UnixDomainSocketAddress.of(words[2]) : address(words));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        OPEN.put(words[1], server);
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    SocketChannel connection = server.accept();
                    Thread.startVirtualThread(() -> Servers.answer(connection));
                }
            } catch (IOException e) {
                // closed
            }
        });
        return isUnix ? server.getLocalAddress().toString()
                : Integer.toString(((InetSocketAddress) server.getLocalAddress()).getPort());
    }

    /** Asks who is behind a port of this machine, over a connection that is made in one of the ways there are. */
    private static String call(String way, int port) throws IOException {
        var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return switch (way) {
            case "socket" -> {
                var socket = new Socket();
                socket.connect(target, 60_000);
                yield ask(socket);
            }
            case "constructor" -> ask(new Socket("localhost", port));
            case "bound-socket" -> ask(new Socket(target.getAddress(), port, target.getAddress(), 0));
            case "channel" -> {
                SocketChannel channel = SocketChannel.open();
                channel.connect(target);
                yield ask(channel.socket());
            }
            case "open-channel" -> ask(SocketChannel.open(target).socket());
            case "non-blocking-channel" -> {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                boolean connected = channel.connect(new InetSocketAddress("0.0.0.0", port));
                while (!connected) {
                    connected = channel.finishConnect();
                }
                channel.configureBlocking(true);
                yield ask(channel.socket());
            }
            default -> throw new IllegalArgumentException(way);
        };
    }

    private static String ask(Socket connection) throws IOException {
        try (connection) {
            connection.setSoTimeout(60_000);
            connection.getOutputStream().write('\n');
            return new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    /** Is kept also if it cannot be bound. */
    private static String udp(String[] words, boolean reuseAddress, boolean reusePort) throws IOException {
        var socket = new DatagramSocket(null);
        OPEN.put(words[1], socket);
        socket.setReuseAddress(reuseAddress);
        if (reusePort) {
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        socket.bind(address(words));
        return Integer.toString(socket.getLocalPort());
    }

    private static String send(String[] words) throws IOException {
        byte[] id = ID.getBytes(StandardCharsets.US_ASCII);
        var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[2]));
        ((DatagramSocket) OPEN.get(words[1])).send(new DatagramPacket(id, id.length, to));
        return "sent";
    }
}
