package dev.corral.bench.compare.report;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the results as a page for people, and as JSON. */
public final class Report {
    private final String own;
    private final Effort effort;
    private final Instant start;
    private final Duration took;
    private final Map<String, String> machine;
    private final List<Participant> participants;
    private final List<Section> sections;

    /**
     * Creates a report.
     *
     * @param own the name of the contender that the targets are for
     * @param machine facts about the machine, in the order of the page
     */
    public Report(String own, Effort effort, Instant start, Duration took, Map<String, String> machine,
            List<Participant> participants, List<Section> sections) {
        this.own = own;
        this.effort = effort;
        this.start = start.truncatedTo(ChronoUnit.SECONDS);
        this.took = took;
        this.machine = machine;
        this.participants = participants;
        this.sections = sections;
    }

    public boolean hasFailures() {
        return sections.stream().flatMap(section -> section.cells().stream())
                .anyMatch(cell -> cell.note().filter(note -> note.startsWith("failed")).isPresent());
    }

    public String markdown() {
        var page = new ArrayList<String>();
        page.add("# " + own + " beside its peers\n");
        page.add((effort == Effort.QUICK ? "Quick run: rough figures" : "Full run") + ", " + start + ", "
                + took.toMinutes() + " min " + took.toSecondsPart()
                + " s. Every cell is the median of its rounds, followed"
                + " by the lowest and the highest round. Rounds are interleaved: within a round the contenders follow one"
                + " another, and each round begins with another contender.\n");
        busyWarning().ifPresent(page::add);
        page.add("## Targets\n");
        page.add(table(List.of("", "target for " + own, "measured", ""), targets()));
        for (Section section : sections) {
            page.add("## " + section.row().title() + "\n");
            page.add(section.skipped().map(reason -> "Skipped: " + reason + ".\n").orElseGet(() -> body(section)));
        }
        page.add("## Contenders\n");
        page.add(table(List.of("", "what it is", "command"), participants.stream()
                .map(participant -> List.of(participant.name(), participant.description(), participant.command()))
                .toList()));
        page.add("JVMs run with default flags, except for those in the table.\n");
        page.add("## Machine\n");
        page.add(table(List.of("", ""),
                machine.entrySet().stream().map(fact -> List.of(fact.getKey(), fact.getValue())).toList()));
        return String.join("\n", page).strip();
    }

    /** Returns a warning if the machine was busy before the first row, when only other programs ran. */
    private Optional<String> busyWarning() {
        double load = sections.getFirst().loadBefore();
        int processors = Runtime.getRuntime().availableProcessors();
        return load <= processors / 2.0 ? Optional.empty()
                : Optional.of("**The machine was busy with other work**: load average " + Unit.digits(load) + " on "
                        + processors
                        + " processors before the first row. Figures are rough, and ratios are even less reliable.\n");
    }

    private List<List<String>> targets() {
        var lines = new ArrayList<List<String>>();
        for (Section section : sections) {
            for (Figure figure : section.row().figures()) {
                for (Target target : figure.targets()) {
                    Optional<Spread> measured = measured(section, figure, target);
                    lines.add(List.of(section.row().title() + ": " + figure.name(), target.text(figure.unit()),
                            measured.map(Spread::toString).orElse("not measured"), measured
                                    .map(spread -> target.isReached(spread.median()) ? "reached" : "missed")
                                    .orElse("")));
                }
            }
        }
        return lines;
    }

    private Optional<Spread> measured(Section section, Figure figure, Target target) {
        return target.measured(section.rounds(own, figure), contender -> section.rounds(contender, figure));
    }

    private String body(Section section) {
        var head = new ArrayList<String>(List.of(""));
        section.row().figures().forEach(figure -> head.add(heading(figure)));
        var lines = new ArrayList<>(section.cells().stream().map(cell -> line(section.row(), cell)).toList());
        section.row().reference().ifPresent(peer -> lines.add(ratios(section, peer)));
        String table = table(head, lines);
        int wanted = section.row().rounds(effort);
        return section.row().method(effort) + "\n\nRounds: " + section.rounds()
                + (section.rounds() < wanted ? " of " + wanted + ", because the time for this row was over" : "")
                + ". Load average: " + Unit.digits(section.loadBefore()) + " before, "
                + Unit.digits(section.loadAfter()) + " after.\n\n" + table;
    }

    private static String heading(Figure figure) {
        String sign = figure.unit().sign();
        return figure.name() + (sign.startsWith("/") ? sign : sign.isEmpty() ? "" : ", " + sign);
    }

    private static List<String> line(Subject row, Section.Cell cell) {
        var line = new ArrayList<String>(List.of(cell.contender()));
        for (Figure figure : row.figures()) {
            List<Double> rounds = cell.rounds(figure);
            line.add(figure.isTotal() && !rounds.isEmpty()
                    ? Unit.digits(rounds.stream().mapToDouble(Double::doubleValue).sum())
                    : Spread.of(rounds).map(Spread::toString).orElse("-"));
        }
        cell.note().ifPresent(note -> line.set(1, line.get(1).equals("-") ? note : line.get(1) + "; " + note));
        return line;
    }

    private List<String> ratios(Section section, String peer) {
        var line = new ArrayList<String>(List.of(own + " / " + peer));
        section.row().figures()
                .forEach(figure -> line.add(section.ratio(own, peer, figure).map(Spread::toString).orElse("-")));
        return line;
    }

    private static String table(List<String> head, List<List<String>> lines) {
        var out = new StringBuilder(row(head)).append(row(head.stream().map(_ -> "---").toList()));
        lines.forEach(line -> out.append(row(line)));
        return out.toString();
    }

    private static String row(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|").replace("\n", " "))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    public String json() {
        var all = new LinkedHashMap<String, Object>();
        all.put("effort", effort.name().toLowerCase(Locale.ROOT));
        all.put("start", start.toString());
        all.put("seconds", took.toSeconds());
        all.put("machine", machine);
        all.put("rows", sections.stream().map(this::json).toList());
        return Json.of(all);
    }

    private Map<String, Object> json(Section section) {
        var out = new LinkedHashMap<String, Object>();
        out.put("id", section.row().id());
        out.put("title", section.row().title());
        out.put("method", section.row().method(effort));
        section.skipped().ifPresent(reason -> out.put("skipped", reason));
        out.put("rounds", section.rounds());
        out.put("loadBefore", section.loadBefore());
        out.put("loadAfter", section.loadAfter());
        out.put("figures", section.row().figures().stream().map(figure -> json(section, figure)).toList());
        out.put("notes", section.cells().stream().filter(cell -> cell.note().isPresent()).collect(Collectors
                .toMap(cell -> cell.contender(), cell -> cell.note().orElseThrow())));
        return out;
    }

    private Map<String, Object> json(Section section, Figure figure) {
        var contenders = new LinkedHashMap<String, Object>();
        for (Section.Cell cell : section.cells()) {
            Spread.of(cell.rounds(figure)).ifPresent(spread -> {
                var out = json(spread);
                out.put("rounds", cell.rounds(figure));
                contenders.put(cell.contender(), out);
            });
        }
        var out = new LinkedHashMap<String, Object>();
        out.put("name", figure.name());
        out.put("unit", figure.unit().sign());
        out.put("contenders", contenders);
        section.row().reference().flatMap(peer -> section.ratio(own, peer, figure))
                .ifPresent(spread -> out.put("timesPeer", json(spread)));
        out.put("targets", figure.targets().stream().map(target -> json(section, figure, target)).toList());
        return out;
    }

    private Map<String, Object> json(Section section, Figure figure, Target target) {
        var out = new LinkedHashMap<String, Object>();
        out.put("text", target.text(figure.unit()));
        measured(section, figure, target).ifPresent(spread -> {
            out.put("measured", json(spread));
            out.put("reached", target.isReached(spread.median()));
        });
        return out;
    }

    private static Map<String, Object> json(Spread spread) {
        var out = new LinkedHashMap<String, Object>();
        out.put("median", spread.median());
        out.put("lowest", spread.lowest());
        out.put("highest", spread.highest());
        return out;
    }
}
