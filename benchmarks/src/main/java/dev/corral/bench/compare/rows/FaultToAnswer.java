package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.load.Request;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Ability;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Spread;
import dev.corral.bench.compare.report.Unit;
import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** How long clients notice a fault of the only worker. The subclasses differ in the fault. */
abstract class FaultToAnswer implements Row {
    private static final Duration POLL = Duration.ofNanos(100_000);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final String path;
    private final Figure median;
    private final Figure slowest = new Figure("slowest of a round", Unit.MILLIS);

    FaultToAnswer(String path, Figure median) {
        this.path = path;
        this.median = median;
    }

    /** Returns what {@code path} does to the worker, as the end of a sentence that begins with "from the request". */
    abstract String fault();

    /** Returns a remark for the page. */
    abstract String remark();

    /**
     * Configures a master that has no worker yet.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    abstract void prepare(Group group) throws InterruptedException;

    abstract int warmUps(Effort effort);

    abstract int faults(Effort effort);

    @Override
    public final String method(Effort effort) {
        return "One worker. The time, by the client's clock, from the request " + fault() + " until the replacement has"
                + " answered another request. The client opens a new connection for each attempt. It tries again "
                + POLL.toNanos() / 1000
                + " µs after an attempt that was refused, cut off, or answered by the old worker."
                + " Each round uses a new master. The first " + warmUps(effort) + " faults are not counted. The figures"
                + " are the median and the slowest of " + faults(effort) + " faults. " + remark();
    }

    @Override
    public final List<Figure> figures() {
        return List.of(median, slowest);
    }

    @Override
    public final int rounds(Effort effort) {
        return effort.of(2, 5);
    }

    @Override
    public final Set<Ability> demands() {
        return Set.of(Ability.FORKS);
    }

    @Override
    public final Session open(Contender contender, Place place, Effort effort) {
        return () -> {
            try (Group group = contender.start(place)) {
                prepare(group);
                group.up(1);
                for (int i = 0; i < warmUps(effort); i++) {
                    happen(group.port());
                }
                var millis = new ArrayList<Double>();
                for (int i = 0; i < faults(effort); i++) {
                    millis.add(happen(group.port()));
                }
                return Map.of(median, Spread.median(millis), slowest,
                        millis.stream().max(Double::compare).orElseThrow());
            }
        };
    }

    private double happen(int port) throws IOException {
        String victim = awaitAnswerOfOther("", port);
        try (HttpConnection victims = Request.connect(port)) {
            long start = System.nanoTime();
            victims.send(path, true);
            awaitAnswerOfOther(victim, port);
            return (System.nanoTime() - start) / 1e6;
        }
    }

    /** Sends requests until another worker has answered, and returns its name. */
    private static String awaitAnswerOfOther(String victim, int port) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < DEADLINE.toNanos()) {
            try {
                String answer = Request.ask(port);
                if (!answer.equals(victim)) {
                    return answer;
                }
            } catch (IOException e) {
                // no worker is running, or the old one ended during the request
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw new IllegalStateException("no other worker has answered within " + DEADLINE.toSeconds() + " s");
    }
}
