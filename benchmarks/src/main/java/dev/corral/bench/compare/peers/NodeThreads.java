package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.machine.Place;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Node's worker_threads: one process. */
final class NodeThreads implements SendsMessages {
    @Override
    public String name() {
        return "Node worker_threads";
    }

    @Override
    public String description() {
        return "Node's `worker_threads` and `http`: each worker is a thread with its own engine. Threads cannot share a port, so"
                + " only rows with one worker include it";
    }

    @Override
    public List<String> command(Place place, int port) {
        return NodeCluster.command(place, "threads.js", port);
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.SERVES, Ability.FORKS);
    }

    @Override
    public List<String> messageCommand(Place place) {
        return NodeCluster.messageCommand(place, "threads");
    }

    @Override
    public boolean transfersBodies() {
        return true;
    }

    @Override
    public Optional<String> missing(Place place) {
        return NodeCluster.missingNode(place);
    }
}
