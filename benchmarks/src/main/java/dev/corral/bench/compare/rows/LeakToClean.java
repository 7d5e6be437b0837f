package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.load.Request;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.machine.Processes;
import dev.corral.bench.compare.peers.Ability;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Target.None;
import dev.corral.bench.compare.report.Unit;
import dev.corral.testing.ClosedLoop.Load;
import dev.corral.testing.ClosedLoop;
import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How long a worker that has leaked stays, beside others, and what clients notice when it is replaced. */
final class LeakToClean implements Row {
    private static final int WORKERS = 2;
    private static final int CLIENTS = 4;
    private static final int LIMIT_MIB = 200;
    private static final int LEAK_MIB = 300;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    /**
     * By how much the leak of each round is later than in the previous round, from the start on: guards that check
     * periodically are met at different moments.
     */
    private static final Duration SHIFT = Duration.ofSeconds(10);

    private final Figure replaced = new Figure("leak to answer of a clean worker", Unit.MILLIS);
    private final Figure clean = new Figure("leak to clean again", Unit.MILLIS);
    private final Figure more = new Figure("all processes then, more than before", Unit.MIB);
    private final Figure failed = Figure.total("failed", new None());
    private final Figure unended = Figure.total("not clean in " + DEADLINE.toSeconds() + " s", new None());

    @Override
    public String id() {
        return "leak";
    }

    @Override
    public String title() {
        return "Leak to clean again";
    }

    @Override
    public String method(Effort effort) {
        return WORKERS + " workers, each with a limit of " + LIMIT_MIB + " MiB, and " + CLIENTS
                + " clients. Each client"
                + " keeps its connection, and sends the next request as soon as it has the answer. One request makes its"
                + " worker keep " + LEAK_MIB
                + " MiB, in pieces of 1 KiB. The first figure is the time, by the client's clock,"
                + " from this request until a new worker answers; the client asks every " + POLL.toMillis() + " ms. The"
                + " second figure is the time until the leaked memory is free as well: a process has ended, or Corral's heap"
                + " after a collection exceeds its former size by less than a tenth of the leak. *All processes*: their"
                + " proportional set size at that time, minus the one before the leak. A JVM may keep memory that its heap no"
                + " longer uses. *Failed*: as in the row of reloads, the sum of all rounds. Each round uses a new master. The"
                + " leak begins " + WARM_UP.toSeconds() + " s after the first answer, and " + SHIFT.toSeconds()
                + " s later in each further round, because PM2 checks every 30 s. Corral limits live bytes"
                + " (`withMaxLive`). PM2 limits the resident set size (`max_memory_restart`). Java processes use `-Xmx`,"
                + " `-XX:+ExitOnOutOfMemoryError` and a master that forks when one exits. Node's cluster does the same"
                + " with `--max-old-space-size`.";
    }

    @Override
    public List<Figure> figures() {
        return List.of(replaced, clean, more, failed, unended);
    }

    @Override
    public int rounds(Effort effort) {
        return effort.of(1, 3);
    }

    @Override
    public Duration budget(Effort effort) {
        return Duration.ofMinutes(effort.of(2, 8));
    }

    @Override
    public Optional<String> missing(Place place) {
        return Processes.missingMemory();
    }

    @Override
    public Set<Ability> demands() {
        return Set.of(Ability.LIMITS_MEMORY);
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) {
        var rest = new Duration[]{WARM_UP};
        return () -> {
            try (Group group = contender.start(place)) {
                group.limit(LIMIT_MIB);
                group.up(WORKERS);
                Map<Figure, Double> figures =
                        measure(group, contender.abilities().contains(Ability.SHARES_HEAP), rest[0]);
                rest[0] = rest[0].plus(SHIFT);
                return figures;
            }
        };
    }

    private Map<Figure, Double> measure(Group group, boolean oneHeap, Duration rest)
            throws IOException, InterruptedException {
        var figures = new HashMap<>(Map.of(unended, 0.0));
        try (var clients = ClosedLoop.start(new Load(group.port(), "/", CLIENTS, true))) {
            Thread.sleep(rest);
            Set<String> before = workers(group.port());
            Set<Long> processes = pids(group);
            long usedBytes = oneHeap ? group.usedBytes() : 0;
            long pssKib = group.pssKib();
            long start = System.nanoTime();
            try (HttpConnection leak = Request.connect(group.port())) {
                leak.send("/leak?" + LEAK_MIB, true);
                boolean ended = await(start, () -> isNew(group.port(), before));
                if (ended) {
                    figures.put(replaced, millisSince(start));
                    ended = await(start, () -> oneHeap ? group.usedBytes() < usedBytes + (LEAK_MIB << 20) / 10
                            : !pids(group).containsAll(processes));
                }
                if (ended) {
                    figures.put(clean, millisSince(start));
                    figures.put(more, (group.pssKib() - pssKib) / 1024.0);
                } else {
                    figures.put(unended, 1.0);
                }
            }
            figures.put(failed, (double) clients.stop().failures().size());
        }
        return figures;
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    /** A condition to wait for. */
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static boolean await(long start, Condition condition) throws IOException, InterruptedException {
        while (System.nanoTime() - start < DEADLINE.toNanos()) {
            if (condition.holds()) {
                return true;
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    private static boolean isNew(int port, Set<String> known) {
        try {
            return !known.contains(Request.ask(port));
        } catch (IOException e) {
            return false; // the worker that leaks has answered
        }
    }

    /**
     * Returns the names of all workers that answer.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    private static Set<String> workers(int port) throws IOException, InterruptedException {
        var answers = new HashSet<String>();
        while (answers.size() < WORKERS) {
            answers.add(Request.ask(port));
            Thread.sleep(POLL);
        }
        return answers;
    }

    private static Set<Long> pids(Group group) {
        return group.processes().map(ProcessHandle::pid).collect(Collectors.toSet());
    }
}
