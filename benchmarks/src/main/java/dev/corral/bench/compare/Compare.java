package dev.corral.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Measures Corral beside its peers, and writes a page. See the comment of the package. */
public final class Compare {
    private static final List<Contender> CONTENDERS =
            List.of(new Corral(), new NodeCluster(), new NodeThreads(), new Pm2(), new JavaProcesses(), new Bare(),
                    MessageLibrary.VERTX, MessageLibrary.PEKKO);

    private static final List<Row> ROWS = List.of(new BringUp(), new IdleMemory(), new HttpKeepAlive(),
            new HttpNewConnections(), new WarmUp(), new CrashToAnswer(), new ZombieToAnswer(),
            new LeakToClean(), new BesideASpinner(), new Reload(), new RoundTrip(), new OneWay(), new Spring());

    private final Place place = Place.find();
    private final Effort effort;

    private Compare(Effort effort) {
        this.effort = effort;
    }

    /**
     * Accepts {@code --quick} and {@code --only ROW[,ROW]}. The exit code is 1 if a contender failed, and 2 for other
     * arguments.
     */
    public static void main(String[] args) throws IOException {
        Effort effort = Effort.FULL;
        List<Row> rows = ROWS;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--quick")) {
                effort = Effort.QUICK;
            } else if (args[i].equals("--only") && i + 1 < args.length && areRows(args[i + 1])) {
                List<String> ids = List.of(args[++i].split(","));
                rows = ROWS.stream().filter(row -> ids.contains(row.id())).toList();
            } else {
                System.err.println("usage: compare [--quick] [--only ROW[,ROW]] [--no-install]; rows: "
                        + ROWS.stream().map(Row::id).collect(Collectors.joining(", ")));
                System.exit(2);
            }
        }
        System.exit(new Compare(effort).run(rows));
    }

    private static boolean areRows(String ids) {
        return List.of(ids.split(",")).stream().allMatch(id -> ROWS.stream().anyMatch(row -> row.id().equals(id)));
    }

    private int run(List<Row> rows) throws IOException {
        Files.createDirectories(place.output());
        for (Contender contender : CONTENDERS) {
            Files.deleteIfExists(Group.log(contender, place));
        }
        Instant start = Instant.now();
        var sections = new ArrayList<Section>();
        for (Row row : rows) {
            sections.add(measure(row));
        }
        var report = new Report(effort, start, Duration.between(start, Instant.now()), place, CONTENDERS, sections);
        String page = report.markdown();
        String name = effort == Effort.QUICK ? "compare-quick" : "compare";
        Path file = place.output().resolve(name + ".md");
        Files.writeString(file, page);
        Files.writeString(place.output().resolve(name + ".json"), report.json());
        System.out.println(page);
        say("this page is in " + file + ", and as JSON beside it");
        return report.hasFailures() ? 1 : 0;
    }

    private Section measure(Row row) {
        double loadBefore = Machine.load();
        long end = System.nanoTime() + row.budget(effort).toNanos();
        int round = 0;
        Optional<String> skipped = row.missing(place);
        if (skipped.isPresent()) {
            say(row.title() + ": skipped: " + skipped.get());
            return new Section(row, skipped, 0, loadBefore, loadBefore, List.of());
        }
        List<Entrant> entrants = CONTENDERS.stream().filter(row::suits).filter(contender -> contender.suits(row))
                .map(contender -> new Entrant(row, contender, place)).toList();
        entrants.forEach(entrant -> entrant.open(place, effort));
        for (; round < row.rounds(effort) && (round == 0 || System.nanoTime() - end < 0); round++) {
            say(row.title() + ": round " + (round + 1) + " of " + row.rounds(effort));
            rotated(entrants, round).forEach(Entrant::round);
        }
        List<Section.Cell> cells = entrants.stream().map(Entrant::close).toList();
        return new Section(row, skipped, round, loadBefore, Machine.load(), cells);
    }

    private static <T> List<T> rotated(List<T> list, int by) {
        var rotated = new ArrayList<>(list);
        Collections.rotate(rotated, -by);
        return rotated;
    }

    private static void say(String text) {
        System.err.println("compare: " + text);
    }
}
