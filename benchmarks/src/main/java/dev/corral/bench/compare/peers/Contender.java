package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.commands.MasterLoop;
import dev.corral.bench.compare.machine.Place;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A way to serve a port with several copies of a program. */
public interface Contender {
    /** Returns its name on the page. */
    String name();

    /** Returns one sentence that says what its master and its workers are. */
    String description();

    /**
     * Returns the command that starts its master. The master serves this port and obeys the commands of
     * {@link MasterLoop}.
     */
    List<String> command(Place place, int port);

    /** Returns its abilities. A row measures the contenders that have the abilities which it demands. */
    Set<Ability> abilities();

    /** Returns what else starts its workers, besides the command; shown on the page. */
    default Optional<String> workerCommand() {
        return Optional.empty();
    }

    /** Returns why it cannot run on this machine; empty if it can. */
    default Optional<String> missing(Place place) {
        return Optional.empty();
    }

    /** Starts its master on a free port, without workers. */
    default Group start(Place place) throws IOException {
        int port = Group.freePort();
        return Group.start(name(), place, port, command(place, port));
    }
}
