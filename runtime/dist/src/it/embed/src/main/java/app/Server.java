package app;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

/** An ordinary server. It answers with the number of its slot. */
public final class Server {
    static final int PORT = 18_471;

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(PORT), 0);
        byte[] answer = System.getenv("CORRAL_SLOT").getBytes();
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }
}
