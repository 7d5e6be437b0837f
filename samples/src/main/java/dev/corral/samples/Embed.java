package dev.corral.samples;

import com.sun.net.httpserver.HttpServer;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.Program;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Corral inside a program, in the form that users of Node know: the same class is the program of the master and of the
 * workers. The arguments are numbers: the port, and the number of workers.
 */
public final class Embed {
    private Embed() {}

    public static void main(String[] args) throws Exception {
        int port = args.length == 0 ? 8000 : Integer.parseInt(args[0]);
        if (Cluster.isWorker()) {
            serve(port);
            return;
        }
        int workers = args.length < 2 ? 4 : Integer.parseInt(args[1]);
        try (Cluster cluster = Cluster.open(Program.main(Embed.class, args), workers)) {
            cluster.on(ClusterEvent.Exited.class, event -> System.out.println(event.exit()));
            cluster.awaitClosed();
        }
    }

    private static void serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("hello world\n".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
    }
}
