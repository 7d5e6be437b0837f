package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.corral.Balancer;
import dev.corral.Cluster;
import dev.corral.Exit;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.it.ClosedLoop.Load;
import dev.corral.it.LoadResult.Failure;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reloads of a cluster, one after another, while clients ask.
 *
 * @param took how long each took, until all of the old workers had ended
 * @param before answers per second before the first of them
 * @param worst answers per second in the worst half second of all of them
 */
record Reloads(List<Duration> took, LoadResult load, double before, double worst) {
    /** Before the first reload: half of it for the JVM to compile what serves, half of it to be compared with. */
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final int FAILURES_TOLD = 20;

    /**
     * The default balancer, which looks at each connection how many workers of a cluster are ready: also those that get
     * none, since a busy machine has kept them from giving signs of life.
     */
    static final class FewestReady implements Balancer {
        private final Balancer balancer = Balancer.roundRobin();
        /** Empty until it is told. */
        private volatile Optional<Cluster> cluster = Optional.empty();
        /** Written by the acceptor's thread. */
        private volatile long fewest = Long.MAX_VALUE;

        /** From now on. */
        void watch(Cluster cluster) {
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

        long fewest() {
            return fewest;
        }
    }

    /** All workers are replaced, so many times, while this load goes on. */
    static Reloads under(Load load, Harness it, int times) throws Exception {
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
        await("all exits are told").until(() -> it.exits().size() >= exited + workers);
        for (Exit exit : it.exits().subList(exited, exited + workers)) {
            assertEquals(0, exit.code(), exit.toString());
            assertEquals(List.of(), exit.abandonedThreads());
        }
    }

    /**
     * As the README's tables have it: reloads, requests, failed ones and how, median and longest reload in
     * milliseconds, answers per second before, and the worst half second in percent of that.
     */
    String row(String name) {
        Duration longest = took.stream().max(Duration::compareTo).orElseThrow();
        return "| %s | %d | %,d | %d%s | %,d | %,d | %,.0f | %.0f%% |".formatted(name, took.size(), load.sent(),
                load.failures().size(),
                load.kinds().entrySet().stream().map(kind -> kind.getValue() + " " + kind.getKey())
                        .collect(Collectors.joining(", ", load.failures().isEmpty() ? "" : ": ", "")),
                took.stream().mapToLong(Duration::toMillis).sorted().skip(took.size() / 2).findFirst().orElseThrow(),
                longest.toMillis(), before, 100 * worst / before);
    }

    /** The row, and how the first requests have failed. */
    String report(String name) {
        return load.failures().stream().limit(FAILURES_TOLD).map(Failure::toString)
                .collect(Collectors.joining("\n", row(name) + "\n", ""));
    }
}
