package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.machine.Processes;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Target.AtMost;
import dev.corral.bench.compare.report.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The memory of a worker that does nothing. */
final class IdleMemory implements Row {
    private static final int MORE = 8;
    private static final Duration STEP = Duration.ofMillis(200);
    private static final int STEPS = 25;

    private final Figure each = new Figure("each further worker", Unit.MIB, new AtMost(0.25));
    private final Figure one = new Figure("all processes with 1 worker", Unit.MIB);
    private final Figure all = new Figure("with " + (1 + MORE), Unit.MIB);

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public String title() {
        return "Memory of an idle worker";
    }

    @Override
    public String method(Effort effort) {
        return "The proportional set size (/proc/PID/smaps_rollup) of the master and of all processes that it has started,"
                + " which divides pages of the same file among the processes that use it. The figure is the difference"
                + " between " + (1 + MORE) + " workers and 1 worker, divided by " + MORE
                + ". Before each of the two readings"
                + " every process collects its garbage until the sum no longer falls. The workers have not answered"
                + " any request.";
    }

    @Override
    public List<Figure> figures() {
        return List.of(each, one, all);
    }

    @Override
    public int rounds(Effort effort) {
        return effort.of(1, 3);
    }

    @Override
    public Optional<String> missing(Place place) {
        return Processes.missingMemory();
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) {
        return () -> {
            try (Group group = contender.start(place)) {
                group.up(1);
                double oneMib = settledMib(group);
                group.up(MORE);
                double allMib = settledMib(group);
                return Map.of(each, (allMib - oneMib) / MORE, one, oneMib, all, allMib);
            }
        };
    }

    /**
     * Returns the memory when further collections do not reduce it. Collectors release memory in parts, and later.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    private static double settledMib(Group group) throws IOException, InterruptedException {
        group.collect();
        long smallest = group.pssKib();
        int unchanged = 0;
        for (int i = 0; i < STEPS && unchanged < 3; i++) {
            Thread.sleep(STEP);
            group.collect();
            long now = group.pssKib();
            unchanged = now < smallest - smallest / 200 ? 0 : unchanged + 1;
            smallest = Math.min(smallest, now);
        }
        return smallest / 1024.0;
    }
}
