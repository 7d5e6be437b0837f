package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.commands.MessageLoop;
import dev.corral.bench.compare.machine.Place;
import java.io.IOException;
import java.util.List;

/**
 * A contender that can send messages from one side to another: from a master to its worker, or between two of its
 * units.
 */
public interface SendsMessages extends Contender {
    /** Returns the command that starts its program, which obeys the commands of {@link MessageLoop}. */
    List<String> messageCommand(Place place);

    /** Starts its program. */
    default Group startMessages(Place place) throws IOException {
        return Group.start(name(), place, 0, messageCommand(place));
    }

    /** Returns whether a body can be transferred with its message instead of being copied. */
    default boolean transfersBodies() {
        return false;
    }
}
