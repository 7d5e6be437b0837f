package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.machine.Processes;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A contender in a row that is being measured. If it fails, it takes no further part in the row, and the others
 * continue.
 */
final class Entrant {
    private final Row row;
    private final Contender contender;
    private final Map<Figure, List<Double>> rounds = new HashMap<>();
    private Optional<Row.Session> session = Optional.empty();
    private Optional<String> note;

    Entrant(Row row, Contender contender, Place place) {
        this.row = row;
        this.contender = contender;
        note = contender.missing(place).map(reason -> "skipped: " + reason);
    }

    void open(Place place, Effort effort) {
        if (note.isEmpty()) {
            try {
                session = Optional.of(row.open(contender, place, effort));
            } catch (Exception e) {
                fail(e);
            }
        }
    }

    void round() {
        if (session.isPresent() && note.isEmpty()) {
            try {
                session.get().round().forEach(this::add);
            } catch (Exception e) {
                fail(e);
            }
        }
    }

    /** Adds a value. A quotient is not finite if nothing was there to divide by; then the round has no such figure. */
    private void add(Figure figure, double value) {
        if (Double.isFinite(value)) {
            rounds.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value);
        }
    }

    private void fail(Exception failure) {
        Processes.stayIfJvmEnds();
        note = Optional.of("failed: " + failure.getMessage());
        Rounds.log(row.title() + ": " + contender.name() + ": " + failure);
    }

    Section.Cell close() {
        session.ifPresent(Row.Session::close);
        return new Section.Cell(contender.name(), rounds, note);
    }
}
