package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.program.BareMaster;
import java.util.List;
import java.util.Set;

/** The same program in one JVM, without a cluster: the reference for the others. */
final class Bare implements Contender {
    @Override
    public String name() {
        return Peers.BARE;
    }

    @Override
    public String description() {
        return "the program alone in one JVM, without a cluster: the reference for the HTTP rows";
    }

    @Override
    public List<String> command(Place place, int port) {
        return List.of(place.java().toString(), "-cp", place.classPath(), BareMaster.class.getName(),
                Integer.toString(port));
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.SERVES, Ability.SHARES_PORT);
    }
}
