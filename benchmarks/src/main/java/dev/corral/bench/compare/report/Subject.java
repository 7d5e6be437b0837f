package dev.corral.bench.compare.report;

import java.util.List;
import java.util.Optional;

/** What the page must know of a measurement to write a section about it. */
public interface Subject {
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
     * Returns the contender by whose figures the page divides all of Corral's figures. Targets name their own
     * contender.
     */
    default Optional<String> reference() {
        return Optional.empty();
    }
}
