package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

/** One way to serve a port with several copies of a program. */
interface Contender {
    /** As the page names it. */
    String name();

    /** One sentence: what master and workers are. */
    String description();

    /** What starts its master, which is to serve this port; the master obeys the commands of {@link MasterLoop}. */
    List<String> command(Place place, int port);

    /** What else, besides the command, starts its workers, to be shown on the page. */
    default Optional<String> workerCommand() {
        return Optional.empty();
    }

    /** Why it cannot run on this machine. */
    default Optional<String> missing(Place place) {
        return Optional.empty();
    }

    /** Whether it takes part in this row; the row has a say as well. */
    default boolean suits(Row row) {
        return true;
    }

    /** Whether it forks workers and replaces them; else it is one process without a cluster, for reference. */
    default boolean isCluster() {
        return true;
    }

    /** Whether several of its workers can serve the port. */
    default boolean sharesPort() {
        return true;
    }
}
