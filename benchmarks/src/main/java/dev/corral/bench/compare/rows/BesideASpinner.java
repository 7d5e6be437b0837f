package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Unit;
import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** What clients of other workers notice while one worker spins and is not ended. */
final class BesideASpinner implements Row {
    private static final int WORKERS = 4;
    private static final int ATTEMPTS = 200;
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Figure p50 = new Figure("p50, none spins", Unit.MICROS);
    private final Figure p50Beside = new Figure("p50, one spins", Unit.MICROS);
    private final Figure p99 = new Figure("p99, none spins", Unit.MICROS);
    private final Figure p99Beside = new Figure("p99, one spins", Unit.MICROS);
    private final Figure p50Ratio = new Figure("p50, ratio", Unit.COUNT);
    private final Figure p99Ratio = new Figure("p99, ratio", Unit.COUNT);

    @Override
    public String id() {
        return "beside-a-spinner";
    }

    @Override
    public String title() {
        return "Beside a spinner";
    }

    @Override
    public String method(Effort effort) {
        return WORKERS + " workers, with one kept connection to each. The client sends requests to " + (WORKERS - 1)
                + " of them in turn, " + PAUSE.toMillis() + " ms after each answer: " + requests(effort)
                + " requests. Then"
                + " the last worker receives a request on which it loops for ever, and the client sends the same number"
                + " of requests to the others. No guard replaces the spinning worker. Each round uses a new master, and"
                + " begins with " + warmUps(effort) + " requests to warm up. The spinning worker occupies one of the"
                + " processors. The client, the master and the other workers share the rest.";
    }

    @Override
    public List<Figure> figures() {
        return List.of(p50, p50Beside, p50Ratio, p99, p99Beside, p99Ratio);
    }

    @Override
    public int rounds(Effort effort) {
        return effort.of(2, 5);
    }

    private static int warmUps(Effort effort) {
        return effort.of(500, 5000);
    }

    private static int requests(Effort effort) {
        return effort.of(300, 1500);
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) {
        return () -> {
            try (Group group = contender.start(place)) {
                group.guard(Duration.ZERO);
                group.up(WORKERS);
                List<HttpConnection> each = connectToEach(group.port());
                HttpConnection last = each.removeLast();
                ask(each, warmUps(effort), Duration.ZERO);
                Histogram alone = ask(each, requests(effort), PAUSE);
                last.send("/spin");
                Histogram beside = ask(each, requests(effort), PAUSE);
                return Map.of(p50, micros(alone, 50), p50Beside, micros(beside, 50), p50Ratio, ratio(alone, beside, 50),
                        p99, micros(alone, 99), p99Beside, micros(beside, 99), p99Ratio, ratio(alone, beside, 99));
            }
        };
    }

    /** Connects until each worker has answered once, because a client cannot choose the worker of a connection. */
    private static List<HttpConnection> connectToEach(int port) throws IOException {
        var met = new HashMap<String, HttpConnection>();
        for (int i = 0; i < ATTEMPTS && met.size() < WORKERS; i++) {
            var connection = new HttpConnection(port);
            if (met.putIfAbsent(connection.ask("/"), connection) != null) {
                connection.close();
            }
        }
        if (met.size() < WORKERS) {
            throw new IllegalStateException("met " + met.size() + " workers only, on " + ATTEMPTS + " connections");
        }
        return new ArrayList<>(met.values());
    }

    private static Histogram ask(List<HttpConnection> connections, int requests, Duration pause) throws IOException {
        var latencies = new Histogram(3);
        for (int i = 0; i < requests; i++) {
            long start = System.nanoTime();
            connections.get(i % connections.size()).ask("/");
            latencies.recordValue(System.nanoTime() - start);
            LockSupport.parkNanos(pause.toNanos());
        }
        return latencies;
    }

    private static double micros(Histogram nanos, int percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e3;
    }

    private static double ratio(Histogram alone, Histogram beside, int percentile) {
        return (double) beside.getValueAtPercentile(percentile) / alone.getValueAtPercentile(percentile);
    }
}
