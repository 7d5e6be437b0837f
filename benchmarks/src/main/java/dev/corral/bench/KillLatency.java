package dev.corral.bench;

import dev.corral.Backoff;
import dev.corral.Cluster;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.bench.common.Spinning;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Measures how long a spinning worker uses a processor after {@code kill()}: until the spinning thread has ended, as
 * seen by a thread that joins it; and until the exit is reported, when all resources of the worker have been released.
 * One worker runs, alone in the JVM, without heartbeats. It has spun for some time, so that its code is compiled. The
 * argument is the number of kills, by default 200.
 */
public final class KillLatency {
    private static final int WARM_UP = 20;
    private static final Duration SPIN = Duration.ofMillis(50);
    private static final List<String[]> KINDS = List.of(new String[]{"while", "main"},
            new String[]{"while", "virtual"}, new String[]{"recursion", "main"}, new String[]{"jdk", "main"});

    private final Histogram free = new Histogram(3);
    private final Histogram exited = new Histogram(3);

    private KillLatency() {}

    public static void main(String[] args) throws InterruptedException {
        int kills = args.length == 0 ? 200 : Integer.parseInt(args[0]);
        System.out.println("Milliseconds from kill() on, median, 99th percentile and longest of " + kills
                + "; load average " + Load.now());
        System.out.printf("%-22s %26s %26s%n", "spins", "its thread has ended", "exit known");
        for (String[] kind : KINDS) {
            new KillLatency().measure(kind, kills);
        }
        System.out.println("load average " + Load.now());
    }

    private void measure(String[] kind, int kills) throws InterruptedException {
        var restarts =
                RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(Integer.MAX_VALUE, Duration.ofDays(1));
        try (Cluster cluster = Cluster.open(Program.main(Spinner.class, kind).withShared(Spinning.PACKAGE),
                config -> config.withWorkers(1).withRestart(restarts).withHeartbeat(HeartbeatPolicy.OFF)
                        .withReadySignal(true))) {
            for (int i = 0; i < WARM_UP + kills; i++) {
                Thread spinning = Spinning.take();
                Thread.sleep(SPIN);
                kill(cluster.workers().getLast(), spinning);
                if (i + 1 == WARM_UP) {
                    free.reset();
                    exited.reset();
                }
            }
            Spinning.take();
            var _ = cluster.workers().getLast().kill();
        }
        System.out.printf("%-22s %26s %26s%n", kind[0] + ", " + (kind[1].equals("main") ? "platform" : kind[1]),
                text(free), text(exited));
    }

    private void kill(Worker worker, Thread spinning) throws InterruptedException {
        long start = System.nanoTime();
        var exit = worker.kill();
        spinning.join();
        free.recordValue(System.nanoTime() - start);
        exit.join();
        exited.recordValue(System.nanoTime() - start);
    }

    private static String text(Histogram nanos) {
        return String.format("%.2f %.2f %.2f", nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6, nanos.getMaxValue() / 1e6);
    }
}
