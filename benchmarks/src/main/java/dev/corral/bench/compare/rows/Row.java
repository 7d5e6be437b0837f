package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Ability;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One measurement, which is the same for all contenders: a section of the page. */
public interface Row extends Subject {
    /**
     * Returns the time after which no further round begins. A busy machine thus produces rougher figures, not a longer
     * run.
     */
    default Duration budget(Effort effort) {
        return Duration.ofSeconds(effort.of(12, 130));
    }

    /** Returns why it cannot be measured on this machine; empty if it can. */
    default Optional<String> missing(Place place) {
        return Optional.empty();
    }

    /** Returns the abilities that a contender must have for this row. */
    default Set<Ability> demands() {
        return Set.of(Ability.FORKS, Ability.SHARES_PORT);
    }

    /** Returns whether this row measures this contender. */
    default boolean suits(Contender contender) {
        return contender.abilities().containsAll(demands());
    }

    /** Prepares a contender for all rounds of this row. The sessions of all contenders are open at the same time. */
    Session open(Contender contender, Place place, Effort effort) throws Exception;

    /** A contender in this row. */
    interface Session extends AutoCloseable {
        /** Measures once. Returns a number for each figure of the row. */
        Map<Figure, Double> round() throws Exception;

        @Override
        default void close() {}
    }
}
