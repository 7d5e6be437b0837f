package dev.corral.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.corral.Balancer;
import dev.corral.Cluster;
import dev.corral.Exit;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.testing.ClosedLoop.Load;
import dev.corral.testing.LoadResult.Failure;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The result of reloads of a cluster, one after another, under load.
 *
 * @param took the time of each reload until all old workers had ended
 * @param before the answers per second before the first reload
 * @param worst the answers per second in the worst half second of all reloads
 */
public record Reloads(List<Duration> took, LoadResult load, double before, double worst) {
    /**
     * The seconds before the first reload. In their first half the JVM compiles; their second half gives the rate
     * before.
     */
    private static final Duration WARM_UP = Duration.ofSeconds(Soak.number("corral.warm.up", 1, 4));
    private static final int FAILURES_TOLD = 20;

    /**
     * The default balancer, which counts the ready workers of a cluster at each connection. It includes workers that
     * get no connection because a busy machine delays their signs of life.
     */
    public static final class FewestReady implements Balancer {
        private final Balancer balancer = Balancer.roundRobin();
        /** Empty until {@link #watch} is called. */
        private volatile Optional<Cluster> cluster = Optional.empty();
        /** Written by the acceptor's thread only. */
        private volatile long fewest = Long.MAX_VALUE;

        /** Counts the ready workers of this cluster at each connection after this call. */
        public void watch(Cluster cluster) {
            this.cluster = Optional.of(cluster);
        }

        @Override
        public Worker choose(InetSocketAddress client, List<Worker> eligible) {
            cluster.ifPresent(watched -> fewest = Math.min(fewest, ready(watched)));
            return balancer.choose(client, eligible);
        }

        private static long ready(Cluster cluster) {
            return cluster.workers().stream().filter(worker -> worker.state() == WorkerState.READY).count();
        }

        /** Returns the smallest count so far. */
        public long fewest() {
            return fewest;
        }
    }

    /** Replaces all workers this number of times under a load. */
    public static Reloads under(Load load, Harness it, int times) throws Exception {
        try (var clients = ClosedLoop.start(load)) {
            awaitElapsed(clients, WARM_UP);
            Duration begin = clients.elapsed();
            var took = new ArrayList<Duration>();
            for (int i = 0; i < times; i++) {
                Duration start = clients.elapsed();
                reload(it);
                took.add(clients.elapsed().minus(start));
            }
            Duration end = clients.elapsed();
            awaitElapsed(clients, end.plus(ClosedLoop.INTERVAL));
            LoadResult result = clients.stop();
            return new Reloads(took, result, result.rate(WARM_UP.dividedBy(2), begin), result.worst(begin, end));
        }
    }

    private static void awaitElapsed(ClosedLoop clients, Duration time) {
        await().pollDelay(Duration.ZERO).atMost(time.plus(Harness.LONG))
                .until(() -> clients.elapsed().compareTo(time) >= 0);
    }

    private static void reload(Harness it) throws Exception {
        int exited = it.exits().size();
        ReloadResult result = it.cluster.reload().get();
        assertInstanceOf(ReloadResult.Completed.class, result, result.toString());
        int workers = it.cluster.workers().size();
        await("all exits are reported").until(() -> it.exits().size() >= exited + workers);
        for (Exit exit : it.exits().subList(exited, exited + workers)) {
            assertEquals(0, exit.code(), exit.toString());
            assertEquals(List.of(), exit.abandonedThreads());
        }
    }

    /**
     * Returns a row of a table: the number of reloads, requests, and failed requests with their kinds, the median and
     * the longest reload in milliseconds, the answers per second before, and the worst half second in percent of them.
     */
    public String row(String name) {
        Duration longest = took.stream().max(Duration::compareTo).orElseThrow();
        return "| %s | %d | %,d | %d%s | %,d | %,d | %,.0f | %.0f%% |".formatted(name, took.size(), load.sent(),
                load.failures().size(),
                load.kinds().entrySet().stream().map(kind -> kind.getValue() + " " + kind.getKey())
                        .collect(Collectors.joining(", ", load.failures().isEmpty() ? "" : ": ", "")),
                took.stream().mapToLong(Duration::toMillis).sorted().skip(took.size() / 2).findFirst().orElseThrow(),
                longest.toMillis(), before, 100 * worst / before);
    }

    /** Returns the row and the first failures. */
    public String report(String name) {
        return load.failures().stream().limit(FAILURES_TOLD).map(Failure::toString)
                .collect(Collectors.joining("\n", row(name) + "\n", ""));
    }
}
