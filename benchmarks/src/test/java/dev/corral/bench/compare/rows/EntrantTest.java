package dev.corral.bench.compare.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.peers.Peers;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Section;
import dev.corral.bench.compare.report.Unit;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class EntrantTest {
    private static final Path NOWHERE = Path.of("nowhere");
    private static final Place PLACE =
            new Place(NOWHERE, NOWHERE, "", Optional.empty(), Optional.empty(), Optional.empty(), NOWHERE);
    private static final Figure FIGURE = new Figure("ratio", Unit.COUNT);

    @Test
    void shouldLeaveOutValuesThatAreNotFinite() {
        assertEquals(Map.of(FIGURE, List.of(1.0, 2.0)),
                results(1.0, Double.NaN, 2.0, Double.POSITIVE_INFINITY).rounds());
    }

    @Test
    void shouldTakeNoFurtherPartAfterAFailure() {
        Section.Cell cell = results(1.0); // the second round finds no value
        assertEquals(Map.of(FIGURE, List.of(1.0)), cell.rounds());
        assertEquals(Optional.of("failed: null"), cell.note());
    }

    /** Runs one round for each value, and one more. */
    private static Section.Cell results(double... values) {
        var entrant = new Entrant(new Constant(values), Peers.ALL.getFirst(), PLACE);
        entrant.open(PLACE, Effort.QUICK);
        for (int i = 0; i <= values.length; i++) {
            entrant.round();
        }
        return entrant.close();
    }

    private record Constant(double... values) implements Row {
        @Override
        public String id() {
            return "constant";
        }

        @Override
        public String title() {
            return "Constant";
        }

        @Override
        public String method(Effort effort) {
            return "";
        }

        @Override
        public List<Figure> figures() {
            return List.of(FIGURE);
        }

        @Override
        public int rounds(Effort effort) {
            return values.length;
        }

        @Override
        public Session open(Contender contender, Place place, Effort effort) {
            Iterator<Double> left = DoubleStream.of(values).iterator();
            return () -> Map.of(FIGURE, left.next());
        }
    }
}
