package dev.corral.bench.compare.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a row.
 *
 * @param row what was measured
 * @param skipped why nothing was measured; empty if it was
 * @param rounds the number of rounds that there was time for
 * @param loadBefore the load average before the row's first round
 * @param loadAfter the load average after its last round
 */
public record Section(Subject row, Optional<String> skipped, int rounds, double loadBefore, double loadAfter,
        List<Cell> cells) {
    /**
     * The result of a contender in this row.
     *
     * @param contender its name
     * @param rounds one number for each round that was measured
     * @param note why there are none, or not all: {@code skipped: ...} or {@code failed: ...}
     */
    public record Cell(String contender, Map<Figure, List<Double>> rounds, Optional<String> note) {
        List<Double> rounds(Figure figure) {
            return rounds.getOrDefault(figure, List.of());
        }
    }

    /** Returns the figure of one contender divided by the one of another; empty if either was not measured. */
    Optional<Spread> ratio(String contender, String peer, Figure figure) {
        return Spread.ofRatios(rounds(contender, figure), rounds(peer, figure));
    }

    /** Returns the figure's rounds of a contender; empty if there are none. */
    List<Double> rounds(String contender, Figure figure) {
        return cells.stream().filter(cell -> cell.contender().equals(contender)).findFirst()
                .map(cell -> cell.rounds(figure)).orElse(List.of());
    }
}
