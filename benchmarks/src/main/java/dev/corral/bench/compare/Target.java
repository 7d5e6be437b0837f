package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a figure of Corral is held against. */
sealed interface Target {
    /** A figure that is the better the smaller it is. */
    record AtMost(double limit) implements Target {}

    /** A figure that is the better the larger it is. */
    record AtLeast(double limit) implements Target {}

    /** A total that is to be nothing: not one in all rounds together. */
    record None() implements Target {}

    /** Corral's figure over that of a peer, round by round of this run; the better the larger it is. */
    record TimesPeer(double limit, String peer) implements Target {}

    /** The same of a figure that is the better the smaller it is. */
    record AtMostTimesPeer(double limit, String peer) implements Target {}

    /** As the page says it. */
    default String text(Unit unit) {
        return switch (this) {
            case AtMost(double limit) -> "at most " + unit.format(limit);
            case AtLeast(double limit) -> "at least " + unit.format(limit);
            case None() -> "none";
            case TimesPeer(double limit, String peer) -> "at least " + Unit.digits(limit) + " times " + peer;
            case AtMostTimesPeer(double limit, String peer) -> "at most " + Unit.digits(limit) + " times " + peer;
        };
    }

    /**
     * What is to be compared with the limit.
     *
     * @param rounds the figure's rounds by name of contender; empty for those that were not measured
     */
    default Optional<Spread> measured(Function<String, List<Double>> rounds) {
        List<Double> own = rounds.apply(Corral.NAME);
        return switch (this) {
            case AtMost _,AtLeast _ -> Spread.of(own);
            case None _ -> own.isEmpty() ? Optional.empty()
                    : Spread.of(List.of(own.stream().mapToDouble(Double::doubleValue).sum()));
            case TimesPeer(_, String peer) -> Spread.ofRatios(own, rounds.apply(peer));
            case AtMostTimesPeer(_, String peer) -> Spread.ofRatios(own, rounds.apply(peer));
        };
    }

    default boolean isReached(double value) {
        return switch (this) {
            case AtMost(double limit) -> value <= limit;
            case AtLeast(double limit) -> value >= limit;
            case None() -> value == 0;
            case TimesPeer(double limit, _) -> value >= limit;
            case AtMostTimesPeer(double limit, _) -> value <= limit;
        };
    }
}
