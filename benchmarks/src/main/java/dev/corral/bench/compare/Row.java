package dev.corral.bench.compare;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One measurement, which is the same for all contenders: a section of the page. */
interface Row {
    /** Returns its name on the command line and in the JSON. */
    String id();

    /** Returns its heading. */
    String title();

    /** Returns what exactly is measured: from when to when, and by which clock. */
    String method(Effort effort);

    /** Returns the numbers that a round produces. */
    List<Figure> figures();

    /** Returns the number of rounds, if there is enough time. */
    int rounds(Effort effort);

    /**
     * Returns the time after which no further round begins. A busy machine thus produces rougher figures, not a longer
     * run.
     */
    default Duration budget(Effort effort) {
        return effort.budget();
    }

    /**
     * Returns the contender by whose figures the page divides all of Corral's figures. Targets name their own
     * contender.
     */
    default Optional<String> reference() {
        return Optional.empty();
    }

    /** Returns why it cannot be measured on this machine; empty if it can. */
    default Optional<String> missing(Place place) {
        return Optional.empty();
    }

    /** Returns whether it can be measured for this contender at all. */
    default boolean suits(Contender contender) {
        return contender.isCluster() && contender.sharesPort();
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
