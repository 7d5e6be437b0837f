package dev.corral.bench.compare.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A target for a figure of Corral. */
public sealed interface Target {
    /** A limit for a figure of which smaller values are better. */
    record AtMost(double limit) implements Target {}

    /** A limit for a figure of which larger values are better. */
    record AtLeast(double limit) implements Target {}

    /** A total that must be 0 over all rounds together. */
    record None() implements Target {}

    /**
     * A limit for Corral's figure divided by the one of a peer, round by round of this run; larger values are better.
     */
    record TimesPeer(double limit, String peer) implements Target {}

    /** A limit for Corral's figure divided by the one of a peer; smaller values are better. */
    record AtMostTimesPeer(double limit, String peer) implements Target {}

    /** Returns the target as the page shows it. */
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
     * Returns the value that must be compared with the limit.
     *
     * @param own the figure's rounds of Corral
     * @param rounds the figure's rounds by the name of the contender; empty for contenders that were not measured
     */
    default Optional<Spread> measured(List<Double> own, Function<String, List<Double>> rounds) {
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
