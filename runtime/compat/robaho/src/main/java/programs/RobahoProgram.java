package programs;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import robaho.net.httpserver.DefaultHttpServerProvider;

/** A server on robaho's implementation of the JDK's HTTP server; its argument is the port. */
public final class RobahoProgram {
    private RobahoProgram() {}

    public static void main(String[] args) throws IOException {
        byte[] body = ("hello from worker " + System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.UTF_8);
        HttpServer server = new DefaultHttpServerProvider()
                .createHttpServer(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }
}
