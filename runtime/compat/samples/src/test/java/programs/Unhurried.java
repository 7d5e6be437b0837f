package programs;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The JDK's HTTP server, whose answers take 50 ms each. Its argument is the port. */
public final class Unhurried {
    private static final int MILLIS = 50;

    private Unhurried() {}

    public static void main(String[] args) throws IOException {
        byte[] body = ("hello from worker " + System.getenv("CORRAL_ID") + "\n").getBytes();
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                Thread.sleep(MILLIS);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                throw new IOException("interrupted before its answer", e);
            }
        });
        server.start();
    }
}
