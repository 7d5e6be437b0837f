package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import programs.Mail;

/** Clusters of the program {@code Mail}, and ways to use them. */
final class Mailing {
    private Mailing() {}

    static Harness mail(int workers) throws Exception {
        return mail(workers, config -> config);
    }

    static Harness mail(int workers, UnaryOperator<ClusterConfig> configure) throws Exception {
        return mail(Harness.program("Mail"), workers, configure);
    }

    static Harness mail(Program program, int workers, UnaryOperator<ClusterConfig> configure) throws Exception {
        var it = new Harness(program, config -> configure.apply(config.withWorkers(workers)
                .withRestart(RestartPolicy.NEVER).withStop(StopPolicy.DEFAULT.withDrain(Duration.ofSeconds(1)))));
        it.awaitReady(workers);
        return it;
    }

    static String ask(Worker worker, Object message) throws Exception {
        return worker.ask(message, String.class, Harness.LONG);
    }

    static void awaitNothingLeft(Harness it, long loaders) {
        await("loaders of ended workers are collected").untilAsserted(() -> {
            System.gc();
            long left = Footprint.isolateLoaders();
            assertTrue(left <= loaders, () -> left + " loaders, not " + loaders + "; of this cluster "
                    + it.of(ClusterEvent.LoaderLeaked.class) + ", " + it.cluster.stats());
        });
        assertEquals(List.of(), it.of(ClusterEvent.LoaderLeaked.class));
    }
}
