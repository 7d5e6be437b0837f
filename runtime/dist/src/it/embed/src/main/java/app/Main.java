package app;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.ReloadResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** Opens a cluster of four servers, sees each of them answer, and reloads them while requests run. */
public final class Main {
    public static void main(String[] args) throws Exception {
        check(Program.main(Server.class), Server.PORT);
    }

    static void check(Program program, int port) throws Exception {
        try (Cluster cluster = Cluster.open(program, config -> config.withWorkers(4)
                .withRequired(Capability.OWN_SCHEDULER, Capability.SHARED_NIO_PORTS, Capability.THREAD_TEARDOWN))) {
            if (!cluster.awaitReady(4, Duration.ofMinutes(3))) {
                throw new IllegalStateException("not ready: " + cluster.stats());
            }
            Set<String> answers = new TreeSet<>();
            for (int i = 0; i < 4; i++) {
                answers.add(ask(port));
            }
            if (answers.size() != 4) {
                throw new IllegalStateException("not four workers: " + answers);
            }
            var reload = cluster.reload();
            do {
                ask(port);
            } while (!reload.isDone());
            if (!(reload.get() instanceof ReloadResult.Completed)) {
                throw new IllegalStateException("not reloaded: " + reload.get());
            }
            System.out.println("answered by " + answers + "; " + reload.get());
        }
    }

    /** Each request has a connection of its own. It fails unless it is answered with 200. */
    private static String ask(int port) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port)).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer + ": " + answer.body());
            }
            return answer.body();
        }
    }
}
