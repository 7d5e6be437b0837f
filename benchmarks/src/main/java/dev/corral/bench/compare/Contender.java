package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

/** A way to serve a port with several copies of a program. */
interface Contender {
    /** Returns its name on the page. */
    String name();

    /** Returns one sentence that says what its master and its workers are. */
    String description();

    /**
     * Returns the command that starts its master. The master serves this port and obeys the commands of
     * {@link MasterLoop}.
     */
    List<String> command(Place place, int port);

    /** Returns what else starts its workers, besides the command; shown on the page. */
    default Optional<String> workerCommand() {
        return Optional.empty();
    }

    /** Returns why it cannot run on this machine; empty if it can. */
    default Optional<String> missing(Place place) {
        return Optional.empty();
    }

    /** Returns whether it takes part in this row. The row decides as well. */
    default boolean suits(Row row) {
        return true;
    }

    /**
     * Returns whether it forks workers and replaces them. Otherwise it is one process without a cluster, for reference.
     */
    default boolean isCluster() {
        return true;
    }

    /** Returns whether several of its workers can serve the port. */
    default boolean sharesPort() {
        return true;
    }
}
