package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.machine.Place;
import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Copies that are workers of one {@link Corral} and share its port. The master starts with the first copy. */
final class ClusterCopies implements Copies {
    private final String contender;
    private final Place place;
    private final int port;
    private final List<String> command;
    /** The names of the copies that have answered. */
    private final Set<String> names = new HashSet<>();

    private Optional<Group> group = Optional.empty();

    ClusterCopies(String contender, Place place, int port, List<String> command) {
        this.contender = contender;
        this.place = place;
        this.port = port;
        this.command = command;
    }

    @Override
    public void startOne() throws IOException, InterruptedException {
        if (group.isEmpty()) {
            group = Optional.of(Group.start(contender, place, port, command));
        }
        group.get().up(1);
        int others = names.size();
        for (int i = 0; i <= others; i++) { // each connection goes to another copy
            try (var connection = new HttpConnection(port)) {
                if (names.add(connection.ask("/"))) {
                    return;
                }
            }
        }
        throw new IllegalStateException("the new copy listens, and has not answered; others did: " + names);
    }

    @Override
    public List<Integer> ports() {
        return List.of(port);
    }

    @Override
    public Stream<ProcessHandle> processes() {
        return group.stream().flatMap(Group::processes);
    }

    @Override
    public void close() {
        group.ifPresent(Group::close);
    }
}
