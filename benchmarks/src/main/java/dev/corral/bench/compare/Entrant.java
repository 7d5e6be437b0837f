package dev.corral.bench.compare;

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
                session.get().round().forEach(
                        (figure, value) -> rounds.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value));
            } catch (Exception e) {
                fail(e);
            }
        }
    }

    private void fail(Exception failure) {
        Processes.stayIfJvmEnds();
        note = Optional.of("failed: " + failure.getMessage());
        System.err.println("compare: " + row.title() + ": " + contender.name() + ": " + failure);
    }

    Section.Cell close() {
        session.ifPresent(Row.Session::close);
        return new Section.Cell(contender, rounds, note);
    }
}
