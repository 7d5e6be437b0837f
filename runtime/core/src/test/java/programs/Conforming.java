package programs;

import com.sun.net.httpserver.HttpServer;
import dev.corral.WorkerContext;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The workers' side of Node's own tests; what it does is its first argument, a port the second one. */
public final class Conforming {
    private Conforming() {}

    public static void main(String[] args) throws Exception {
        WorkerContext me = WorkerContext.current();
        switch (args[0]) {
            case "listen" -> listen(port(args));
            case "listen-in-second" -> {
                if (me.slot() == 1) {
                    listen(port(args));
                } else {
                    waitForEver();
                }
            }
            case "exit-when-listening" -> {
                listen(port(args));
                System.exit(42);
            }
            case "leave-when-listening" -> {
                listen(port(args));
                me.disconnect();
            }
            case "leave-and-exit" -> {
                me.disconnect();
                System.exit(0);
            }
            case "leave" -> {
                me.disconnect();
                waitForEver();
            }
            case "choose-code" -> {
                me.onDrain(() -> {
                    System.out.println("asked to leave");
                    System.exit(42);
                });
                listen(port(args));
            }
            case "leave-on-error" -> {
                try {
                    listen(port(args));
                } catch (BindException e) {
                    System.out.println(e.getMessage());
                    me.disconnect();
                    waitForEver();
                }
            }
            case "stay-while-connected" -> stayWhileConnected(me, port(args));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static int port(String[] args) {
        return Integer.parseInt(args[1]);
    }

    private static void listen(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.start();
    }

    private static void waitForEver() throws InterruptedException {
        Thread.sleep(Long.MAX_VALUE);
    }

    /** Has a connection of its own, and leaves when the other side has closed it. */
    private static void stayWhileConnected(WorkerContext me, int port) throws IOException, InterruptedException {
        var connection = new Socket(InetAddress.getLoopbackAddress(), port);
        me.onDrain(() -> {
            System.out.println("draining");
            try (connection) {
                System.out.println("read " + connection.getInputStream().read());
            } catch (IOException e) {
                System.out.println(e);
            }
        });
        System.out.println("connected");
        waitForEver();
    }
}
