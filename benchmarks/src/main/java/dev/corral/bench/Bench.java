package dev.corral.bench;

import dev.corral.Backoff;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** A cluster, with methods that wait for its events. */
final class Bench implements AutoCloseable {
    final Cluster cluster;
    private final Semaphore online = new Semaphore(0);
    private final Semaphore exited = new Semaphore(0);

    Bench(String kind, int workers) {
        var restarts =
                RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(Integer.MAX_VALUE, Duration.ofDays(1));
        cluster = Cluster.open(program(kind), config -> config.withWorkers(workers).withRestart(restarts)
                .withOutput((_, _, _) -> {}).withListener(event -> {
                    switch (event) {
                        case ClusterEvent.Online _ -> online.release();
                        case ClusterEvent.Exited _ -> exited.release();
                        default -> {
                        }
                    }
                }));
    }

    private static Program program(String kind) {
        return switch (kind) {
            case "hello" -> Program.main(Hello.class, "0");
            case "idle" -> Program.worker(Idle.class);
            case "hello-shared" -> Program.main(Hello.class, "0").withShared("*");
            case "idle-shared" -> Program.worker(Idle.class).withShared("*");
            default -> throw new IllegalArgumentException(kind);
        };
    }

    void awaitOnline(int workers) throws InterruptedException {
        online.acquire(workers);
    }

    void awaitExited(int workers) throws InterruptedException {
        exited.acquire(workers);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
