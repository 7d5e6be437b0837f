package dev.corral.bench.compare;

import java.util.List;

/** A contender with a way to send messages from one side to another: from a master to its worker, or between two of its units. */
interface SendsMessages extends Contender {
    /** What starts its program, which obeys the commands of {@link MessageLoop}. */
    List<String> messageCommand(Place place);

    /** Whether a body can be given away with its message, where it is copied else. */
    default boolean transfersBodies() {
        return false;
    }
}
