package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

/** Median of some numbers, with the lowest and the highest. */
record Spread(double median, double lowest, double highest) {
    static Optional<Spread> of(List<Double> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Spread(median(values), values.stream().min(Double::compare).orElseThrow(),
                values.stream().max(Double::compare).orElseThrow()));
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** As in {@code 1.2 (1.1-1.4)}; one number where there is no spread. */
    @Override
    public String toString() {
        return Unit.digits(median) + (lowest == highest ? ""
                : " (" + Unit.digits(lowest) + "-" + Unit.digits(highest) + ")");
    }
}
