package dev.corral.bench.compare;

import dev.corral.bench.compare.machine.Machine;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.peers.Peers;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Participant;
import dev.corral.bench.compare.report.Report;
import dev.corral.bench.compare.report.Section;
import dev.corral.bench.compare.rows.Rounds;
import dev.corral.bench.compare.rows.Row;
import dev.corral.bench.compare.rows.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Measures Corral beside its peers, and writes a page. See the comment of the package. */
public final class Compare {
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
        List<Row> rows = Rows.ALL;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--quick")) {
                effort = Effort.QUICK;
            } else if (args[i].equals("--only") && i + 1 < args.length && areRows(args[i + 1])) {
                List<String> ids = List.of(args[++i].split(","));
                rows = Rows.ALL.stream().filter(row -> ids.contains(row.id())).toList();
            } else {
                System.err.println("usage: compare [--quick] [--only ROW[,ROW]] [--no-install]; rows: "
                        + Rows.ALL.stream().map(Row::id).collect(Collectors.joining(", ")));
                System.exit(2);
            }
        }
        System.exit(new Compare(effort).run(rows));
    }

    private static boolean areRows(String ids) {
        return List.of(ids.split(",")).stream().allMatch(id -> Rows.ALL.stream().anyMatch(row -> row.id().equals(id)));
    }

    private int run(List<Row> rows) throws IOException {
        Files.createDirectories(place.output());
        for (Contender contender : Peers.ALL) {
            Files.deleteIfExists(place.log(contender.name()));
        }
        Instant start = Instant.now();
        var rounds = new Rounds(Peers.ALL, place, effort);
        List<Section> sections = rows.stream().map(rounds::measure).toList();
        Map<String, String> machine = new LinkedHashMap<>(Machine.facts(place));
        machine.putAll(Peers.versions(place));
        var report = new Report(Peers.CORRAL, effort, start, Duration.between(start, Instant.now()), machine,
                Peers.ALL.stream().map(this::participant).toList(), sections);
        return write(report);
    }

    private int write(Report report) throws IOException {
        String page = report.markdown();
        String name = effort == Effort.QUICK ? "compare-quick" : "compare";
        Path file = place.output().resolve(name + ".md");
        Files.writeString(file, page);
        Files.writeString(place.output().resolve(name + ".json"), report.json());
        System.out.println(page);
        System.err.println("compare: this page is in " + file + ", and as JSON beside it");
        return report.hasFailures() ? 1 : 0;
    }

    private Participant participant(Contender contender) {
        String command = contender.missing(place).map(reason -> "skipped: " + reason)
                .orElseGet(() -> "`" + place.portable(contender.command(place, 0)) + "`" + contender.workerCommand()
                        .map(workers -> "; workers: `" + workers + "`").orElse(""));
        return new Participant(contender.name(), contender.description(), command);
    }
}
