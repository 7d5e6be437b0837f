package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.machine.Place;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Node's cluster module: a primary, and a process for each worker. */
final class NodeCluster implements SendsMessages {
    @Override
    public String name() {
        return Peers.NODE_CLUSTER;
    }

    @Override
    public String description() {
        return "Node's `cluster` and `http`; the primary accepts connections and hands them to its worker processes in turn";
    }

    @Override
    public List<String> command(Place place, int port) {
        return command(place, "cluster.js", port);
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.SERVES, Ability.FORKS, Ability.SHARES_PORT, Ability.RELOADS, Ability.LIMITS_MEMORY);
    }

    static List<String> command(Place place, String program, int port) {
        return List.of(place.node().orElseThrow().toString(), "--expose-gc",
                place.root().resolve("benchmarks/src/main/js").resolve(program).toString(), Integer.toString(port));
    }

    @Override
    public List<String> messageCommand(Place place) {
        return messageCommand(place, "cluster");
    }

    static List<String> messageCommand(Place place, String kind) {
        return List.of(place.node().orElseThrow().toString(),
                place.root().resolve("benchmarks/src/main/js/messages.js").toString(), kind);
    }

    @Override
    public Optional<String> missing(Place place) {
        return missingNode(place);
    }

    static Optional<String> missingNode(Place place) {
        return place.node().isPresent() ? Optional.empty() : Optional.of("node is not installed");
    }
}
