package app;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.ReloadResult;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A Spring Boot jar that opens a cluster of four copies of itself, sees each of them answer, and reloads them while
 * requests run. Corral lies in its folder {@code BOOT-INF/lib}.
 */
@SpringBootApplication
@RestController
public class Application {
    private static final int PORT = 18_473;

    public static void main(String[] args) throws Exception {
        if (Cluster.isWorker()) {
            SpringApplication.run(Application.class, "--server.port=" + PORT);
            return;
        }
        Path self = Path.of(System.getProperty("java.class.path"));
        try (Cluster cluster = Cluster.open(Program.jar(self), config -> config.withWorkers(4)
                .withRequired(Capability.OWN_SCHEDULER, Capability.SHARED_NIO_PORTS, Capability.THREAD_TEARDOWN))) {
            if (!cluster.awaitReady(4, Duration.ofMinutes(5))) {
                throw new IllegalStateException("not ready: " + cluster.stats());
            }
            Set<String> answers = new TreeSet<>();
            for (int i = 0; i < 4; i++) {
                answers.add(ask());
            }
            if (answers.size() != 4) {
                throw new IllegalStateException("not four workers: " + answers);
            }
            var reload = cluster.reload();
            do {
                ask();
            } while (!reload.isDone());
            if (!(reload.get() instanceof ReloadResult.Completed)) {
                throw new IllegalStateException("not reloaded: " + reload.get());
            }
            System.out.println("answered by " + answers + "; " + reload.get());
        }
    }

    private static String ask() throws Exception {
        var connection = URI.create("http://localhost:" + PORT).toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        try (var body = connection.getInputStream()) { // throws unless the answer is good
            return new String(body.readAllBytes());
        }
    }

    @GetMapping("/")
    String slot() {
        return System.getenv("CORRAL_SLOT");
    }
}
