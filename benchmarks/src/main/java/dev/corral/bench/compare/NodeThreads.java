package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

/** Node's worker_threads: one process. */
final class NodeThreads implements SendsMessages {
    @Override
    public String name() {
        return "Node worker_threads";
    }

    @Override
    public String description() {
        return "Node's `worker_threads` and `http`: a thread with an engine of its own. Threads cannot share a port, so it takes"
                + " part where one worker is enough";
    }

    @Override
    public List<String> command(Place place, int port) {
        return NodeCluster.command(place, "threads.js", port);
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

    @Override
    public boolean sharesPort() {
        return false;
    }
}
