package dev.corral.bench.compare;

import java.util.List;

/**
 * A contender that can send messages from one side to another: from a master to its worker, or between two of its
 * units.
 */
interface SendsMessages extends Contender {
    /** Returns the command that starts its program, which obeys the commands of {@link MessageLoop}. */
    List<String> messageCommand(Place place);

    /** Returns whether a body can be transferred with its message instead of being copied. */
    default boolean transfersBodies() {
        return false;
    }
}
