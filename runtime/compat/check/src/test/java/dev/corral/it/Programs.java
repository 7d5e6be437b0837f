package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ClusterConfig;
import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The programs beside this module, in several copies. */
final class Programs {
    private static final RestartPolicy RESTARTS = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1000,
            Duration.ofHours(1));

    /** Those that are not named for their program, as their build makes them. */
    private static final Map<String, String> JARS = Map.of("quarkus", "quarkus-app/quarkus-run.jar");

    /** Until copies are ready; four of a large program, started at once, take long beside other work. */
    private static final Duration START = Duration.ofMinutes(5);

    /** Until loaders are collected: a thread of a pool may hold what it did last for a minute. */
    private static final Duration COLLECTION = Duration.ofMinutes(3);

    private Programs() {}

    /** Four copies of this program, when all are ready. */
    static Harness fourCopiesOf(ServerProgram program, int port, UnaryOperator<ClusterConfig> configure)
            throws InterruptedException {
        return fourCopiesOf(program.toString(), port, configure);
    }

    /** Four copies of the program in this directory, when all are ready. */
    static Harness fourCopiesOf(String name, int port, UnaryOperator<ClusterConfig> configure)
            throws InterruptedException {
        return copiesOf(name, 4, port, configure);
    }

    /** Copies of the program in this directory, when all are ready. */
    static Harness copiesOf(String name, int copies, int port, UnaryOperator<ClusterConfig> configure)
            throws InterruptedException {
        Path jar = Path.of("..", name, "target", JARS.getOrDefault(name, "program-" + name + ".jar"));
        assertTrue(Files.exists(jar), jar + " is not built");
        var it = new Harness(Program.jar(jar, Integer.toString(port)),
                config -> configure.apply(config.withWorkers(copies).withRestart(RESTARTS)));
        awaitReady(it, copies);
        return it;
    }

    /** Kills a worker; returns when its slot is ready again. */
    static void kill(Harness it, long worker) throws Exception {
        int copies = it.cluster.workers().size();
        Exit killed = it.worker(worker).kill().get();
        assertEquals(List.of(), killed.abandonedThreads());
        awaitReady(it, copies);
    }

    private static void awaitReady(Harness it, int copies) throws InterruptedException {
        assertTrue(it.cluster.awaitReady(copies, START), () -> it.cluster.stats() + "\n" + it.lines);
    }

    /** Disconnects all workers, which leave no thread and no class loader behind. */
    static void endAllWithoutATrace(Harness it) throws Exception {
        for (Worker worker : it.cluster.workers()) {
            Exit exit = worker.disconnect().get();
            assertEquals(0, exit.code(), exit.toString());
            assertEquals(List.of(), exit.abandonedThreads());
        }
        awaitCollection();
        assertEquals(0, it.cluster.stats().leakedLoaders());
    }

    /** Returns when the JVM has no class loader of a worker any more. */
    static void awaitCollection() {
        await("class loaders are collected").atMost(COLLECTION).until(() -> {
            System.gc();
            return Footprint.isolateLoaders() == 0;
        });
    }
}
