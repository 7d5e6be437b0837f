package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.machine.Place;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * PM2's cluster mode, which is Node's cluster module with a guard. It declares only the abilities that PM2 adds to that
 * module; {@link NodeCluster} stands for the others.
 */
final class Pm2 implements Contender {
    @Override
    public String name() {
        return "PM2";
    }

    @Override
    public String description() {
        return "PM2's daemon, started by its API; workers in cluster mode, which do not handle SIGINT";
    }

    @Override
    public List<String> command(Place place, int port) {
        return List.of(place.node().orElseThrow().toString(),
                place.root().resolve("benchmarks/src/main/js/pm2.js").toString(), Integer.toString(port),
                place.pm2().orElseThrow().toString(), place.output().resolve("pm2-home").toString());
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.RELOADS, Ability.LIMITS_MEMORY);
    }

    @Override
    public Optional<String> missing(Place place) {
        return NodeCluster.missingNode(place).or(
                () -> place.pm2().isPresent() ? Optional.empty() : Optional.of("PM2 is not installed"));
    }
}
