package dev.corral.bench.compare;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** Returns what {@code path} does to the worker, as the end of a sentence that begins with "a request on which". */
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
        return "One worker. From sending a request on which " + fault()
                + " until its replacement has answered another one, by"
                + " the client's clock: the client asks on a new connection, and again " + POLL.toNanos() / 1000
                + " µs after each one that was refused, cut, or still answered by the old worker. In each round a new master; "
                + warmUps(effort) + " times that are not counted; then the median, and the slowest, of "
                + faults(effort) + ". " + remark();
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
    public final boolean suits(Contender contender) {
        return contender.isCluster();
    }

    @Override
    public final Session open(Contender contender, Place place, Effort effort) {
        return () -> {
            try (Group group = Group.start(contender, place)) {
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
        try (Socket victims = Request.connect(port)) {
            long start = System.nanoTime();
            Request.send(victims, path);
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
