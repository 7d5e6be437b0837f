package dev.corral.bench.compare.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The median of some numbers, with the lowest and the highest number. */
public record Spread(double median, double lowest, double highest) {
    public static Optional<Spread> of(List<Double> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Spread(median(values), values.stream().min(Double::compare).orElseThrow(),
                values.stream().max(Double::compare).orElseThrow()));
    }

    /** Returns the spread of the quotients of each round; divisions by zero are left out. */
    public static Optional<Spread> ofRatios(List<Double> rounds, List<Double> byRounds) {
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < Math.min(rounds.size(), byRounds.size()); i++) {
            if (byRounds.get(i) != 0) {
                ratios.add(rounds.get(i) / byRounds.get(i));
            }
        }
        return of(ratios);
    }

    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Returns a text as in {@code 1.2 (1.1-1.4)}, or one number if all are equal. */
    @Override
    public String toString() {
        return Unit.digits(median) + (lowest == highest ? ""
                : " (" + Unit.digits(lowest) + "-" + Unit.digits(highest) + ")");
    }
}
