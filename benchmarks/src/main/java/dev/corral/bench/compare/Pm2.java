package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

/**
 * PM2's cluster mode, which is Node's cluster module with a guard. It takes part in reloads and in the rows about its
 * own features.
 */
final class Pm2 implements Contender {
    static final String NAME = "PM2";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "PM2's daemon, by its API; workers in cluster mode, which do nothing at SIGINT";
    }

    @Override
    public List<String> command(Place place, int port) {
        return List.of(place.node().orElseThrow().toString(),
                place.root().resolve("benchmarks/src/main/js/pm2.js").toString(), Integer.toString(port),
                place.pm2().orElseThrow().toString(), place.output().resolve("pm2-home").toString());
    }

    @Override
    public Optional<String> missing(Place place) {
        return NodeCluster.missingNode(place).or(
                () -> place.pm2().isPresent() ? Optional.empty() : Optional.of("PM2 is not installed"));
    }

    @Override
    public boolean suits(Row row) {
        return row instanceof Reload || row instanceof LeakToClean;
    }
}
