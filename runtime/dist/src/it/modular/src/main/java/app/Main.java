package app;

import com.sun.net.httpserver.HttpServer;
import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.Program;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** A module that opens a cluster of two servers and sees each of them answer. It is its own worker. */
public final class Main {
    private static final int PORT = 18_472;

    public static void main(String[] args) throws Exception {
        if (Cluster.isWorker()) {
            serve();
            return;
        }
        try (Cluster cluster = Cluster.open(Program.main(Main.class), config -> config.withWorkers(2)
                .withRequired(Capability.OWN_SCHEDULER, Capability.SHARED_NIO_PORTS, Capability.THREAD_TEARDOWN))) {
            if (!cluster.awaitReady(2, Duration.ofMinutes(3))) {
                throw new IllegalStateException("not ready: " + cluster.stats());
            }
            Set<String> answers = new TreeSet<>();
            for (int i = 0; i < 2; i++) {
                try (var body = URI.create("http://localhost:" + PORT).toURL().openStream()) {
                    answers.add(new String(body.readAllBytes()));
                }
            }
            if (answers.size() != 2) {
                throw new IllegalStateException("not two workers: " + answers);
            }
            System.out.println("answered by " + answers);
        }
    }

    private static void serve() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(PORT), 0);
        byte[] answer = System.getenv("CORRAL_SLOT").getBytes();
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Connection", "close");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }
}
