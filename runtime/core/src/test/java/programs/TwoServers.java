package programs;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Two HTTP servers. */
public final class TwoServers {
    private TwoServers() {}

    public static void main(String[] args) throws IOException {
        System.out.println("ports " + serve(args[0]) + " " + serve(args[1]));
    }

    private static int serve(String port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(port)), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = ("hello from worker " + System.getenv("CORRAL_ID")).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server.getAddress().getPort();
    }
}
