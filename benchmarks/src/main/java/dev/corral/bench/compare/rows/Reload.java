package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.commands.MasterLoop;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Ability;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Target.AtLeast;
import dev.corral.bench.compare.report.Target.AtMost;
import dev.corral.bench.compare.report.Target.None;
import dev.corral.bench.compare.report.Target;
import dev.corral.bench.compare.report.Unit;
import dev.corral.testing.ClosedLoop.Load;
import dev.corral.testing.ClosedLoop;
import dev.corral.testing.LoadResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What clients notice when all workers are replaced, one after another. */
final class Reload implements Row {
    private static final int WORKERS = 4;
    private static final int CLIENTS = 64;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    /** The time before a reload whose rate is compared with the worst half second. */
    private static final Duration BEFORE = Duration.ofSeconds(3);
    /** The time after a reload, so that the half second in which it ends is complete. */
    private static final Duration REST = Duration.ofMillis(500);

    private final List<Variant> variants = List.of(
            new Variant("keep-alive", "/", true, List.of(new AtMost(50)), List.of(new AtLeast(90))),
            new Variant("new connections", "/", false, List.of(), List.of()),
            new Variant("keep-alive, 50 ms", "/slow", true, List.of(), List.of()));
    private final Figure unended = Figure.total("did not end in " + DEADLINE.toSeconds() + " s", new None());

    /** One kind of load, and the figures of a reload under it. */
    private static final class Variant {
        final String path;
        final boolean keepAlive;
        final Figure failed;
        final Figure took;
        final Figure worst;

        Variant(String name, String path, boolean keepAlive, List<Target> took, List<Target> worst) {
            this.path = path;
            this.keepAlive = keepAlive;
            failed = Figure.total(name + ": failed", new None());
            this.took = new Figure(name + ": reload", Unit.MILLIS, false, took);
            this.worst = new Figure(name + ": worst half second", Unit.PERCENT, false, worst);
        }
    }

    @Override
    public String id() {
        return "reload";
    }

    @Override
    public String title() {
        return "Rolling reload";
    }

    @Override
    public String method(Effort effort) {
        return WORKERS + " workers and " + CLIENTS
                + " clients. Each client sends the next request as soon as it has the"
                + " answer, either on a connection that it keeps or on a new connection for each request. The server"
                + " answers at once, or after 50 ms. After " + warmUp(effort).toSeconds() + " s the master replaces all"
                + " workers once, one after another. *Failed*, the sum of all rounds: requests that were sent but not answered"
                + " by 200 and the right body because the connection was closed or reset, and requests for which no"
                + " connection could be opened. A connection that the server closes between two requests is not a"
                + " failure. No request is sent twice. *Reload*: the time, by the client's clock, from the command until"
                + " the master answers that it is done, for reloads that ended within " + DEADLINE.toSeconds()
                + " s. *Worst half second*: the number of answers in the worst half second of the reload, in percent of the"
                + " rate in the " + BEFORE.toSeconds() + " s before it. Corral: `cluster.reload()`, which starts each"
                + " replacement before its predecessor ends; a drain takes at most " + MasterLoop.DRAIN.toSeconds()
                + " s. Node does what its tutorials show: `disconnect()`, then `fork()` when the worker has exited, and"
                + " the next worker when the new one listens. PM2: `pm2 reload` of its API. Each round and each kind of"
                + " load uses a new master.";
    }

    @Override
    public List<Figure> figures() {
        var figures = new ArrayList<Figure>();
        for (Variant variant : variants) {
            figures.addAll(List.of(variant.failed, variant.took, variant.worst));
        }
        figures.add(unended);
        return figures;
    }

    @Override
    public int rounds(Effort effort) {
        return effort.of(1, 3);
    }

    @Override
    public Duration budget(Effort effort) {
        return Duration.ofMinutes(effort.of(2, 8));
    }

    private static Duration warmUp(Effort effort) {
        return Duration.ofSeconds(effort.of(5, 10));
    }

    @Override
    public Set<Ability> demands() {
        return Set.of(Ability.RELOADS);
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) {
        return () -> {
            var figures = new HashMap<>(Map.of(unended, 0.0));
            for (Variant variant : variants) {
                try (Group group = contender.start(place)) {
                    group.up(WORKERS);
                    if (!measure(variant, group, effort, figures)) {
                        figures.merge(unended, 1.0, Double::sum);
                    }
                }
            }
            return figures;
        };
    }

    /**
     * Adds the results. Returns whether the reload has ended.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    private static boolean measure(Variant variant, Group group, Effort effort, Map<Figure, Double> figures)
            throws IOException, InterruptedException {
        try (var clients = ClosedLoop.start(new Load(group.port(), variant.path, CLIENTS, variant.keepAlive))) {
            Thread.sleep(warmUp(effort));
            Duration begin = clients.elapsed();
            boolean ended = group.reload(DEADLINE);
            Duration end = clients.elapsed();
            Thread.sleep(REST);
            LoadResult result = clients.stop();

            figures.put(variant.failed, (double) result.failures().size());
            figures.put(variant.worst, 100 * result.worst(begin, end) / result.rate(begin.minus(BEFORE), begin));
            if (ended) {
                figures.put(variant.took, end.minus(begin).toNanos() / 1e6);
            }
            return ended;
        }
    }
}
