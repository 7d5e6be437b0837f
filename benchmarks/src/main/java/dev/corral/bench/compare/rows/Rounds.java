package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.machine.Machine;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Measures rows in rounds. Within a round the contenders follow one another, and each round begins with another
 * contender.
 */
public final class Rounds {
    private final List<Contender> contenders;
    private final Place place;
    private final Effort effort;

    public Rounds(List<Contender> contenders, Place place, Effort effort) {
        this.contenders = contenders;
        this.place = place;
        this.effort = effort;
    }

    /** Measures a row for all contenders that suit it. */
    public Section measure(Row row) {
        double loadBefore = Machine.load();
        Optional<String> skipped = row.missing(place);
        if (skipped.isPresent()) {
            log(row.title() + ": skipped: " + skipped.get());
            return new Section(row, skipped, 0, loadBefore, loadBefore, List.of());
        }
        long end = System.nanoTime() + row.budget(effort).toNanos();
        List<Entrant> entrants = contenders.stream().filter(row::suits)
                .map(contender -> new Entrant(row, contender, place)).toList();
        entrants.forEach(entrant -> entrant.open(place, effort));
        int round = 0;
        for (; round < row.rounds(effort) && (round == 0 || System.nanoTime() - end < 0); round++) {
            log(row.title() + ": round " + (round + 1) + " of " + row.rounds(effort));
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

    /** Writes a line about the progress to standard error, because standard output is for the page. */
    static void log(String text) {
        System.err.println("compare: " + text);
    }
}
