package dev.corral.bench.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a row.
 *
 * @param skipped why nothing was measured; empty if it was
 * @param rounds the number of rounds that there was time for
 * @param loadBefore the load average before the row's first round
 * @param loadAfter the load average after its last round
 */
record Section(Row row, Optional<String> skipped, int rounds, double loadBefore, double loadAfter, List<Cell> cells) {
    /**
     * The result of a contender in this row.
     *
     * @param rounds one number for each round that was measured
     * @param note why there are none, or not all: {@code skipped: ...} or {@code failed: ...}
     */
    record Cell(Contender contender, Map<Figure, List<Double>> rounds, Optional<String> note) {
        List<Double> rounds(Figure figure) {
            return rounds.getOrDefault(figure, List.of());
        }
    }

    /** Returns Corral's figure divided by the one of this contender; empty if either was not measured. */
    Optional<Spread> timesPeer(String peer, Figure figure) {
        return Spread.ofRatios(rounds(Corral.NAME, figure), rounds(peer, figure));
    }

    /** Returns the figure's rounds of a contender; empty if there are none. */
    List<Double> rounds(String contender, Figure figure) {
        return cells.stream().filter(cell -> cell.contender().name().equals(contender)).findFirst()
                .map(cell -> cell.rounds(figure)).orElse(List.of());
    }
}
