package dev.corral.bench.compare;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing that is measured, in the same way on all contenders: a section of the page. */
interface Row {
    /** Its name on the command line and in the JSON. */
    String id();

    /** Its heading. */
    String title();

    /** What exactly is measured: from when to when, by whose clock. */
    String method(Effort effort);

    /** The numbers that a round gives. */
    List<Figure> figures();

    /** How many rounds, if the time allows. */
    int rounds(Effort effort);

    /** After which no round more is begun: a busy machine makes a rougher page, not a longer wait. */
    default Duration budget(Effort effort) {
        return effort.budget();
    }

    /** The contender that the page divides Corral's figures by, all of them; targets have theirs anyway. */
    default Optional<String> reference() {
        return Optional.empty();
    }

    /** Why it cannot be measured on this machine. */
    default Optional<String> missing(Place place) {
        return Optional.empty();
    }

    /** Whether it can be asked of this contender at all. */
    default boolean suits(Contender contender) {
        return contender.isCluster() && contender.sharesPort();
    }

    /** Prepares a contender for all rounds of this row. Sessions of all contenders are open at the same time. */
    Session open(Contender contender, Place place, Effort effort) throws Exception;

    /** A contender in this row. */
    interface Session extends AutoCloseable {
        /** Measures once; a number for each figure of the row. */
        Map<Figure, Double> round() throws Exception;

        @Override
        default void close() {}
    }
}
