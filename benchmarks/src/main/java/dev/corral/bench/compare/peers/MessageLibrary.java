package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.commands.MessageLoop;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.program.PekkoMessages;
import dev.corral.bench.compare.peers.program.VertxMessages;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A library for messages inside one JVM. It takes part only where messages are sent, because nothing guards its senders
 * and receivers.
 *
 * @param artifact its name in Maven
 * @param program the program that sends and receives with it
 */
record MessageLibrary(String name, String description, String artifact, Class<? extends MessageLoop> program)
        implements
            SendsMessages {
    static final MessageLibrary VERTX = new MessageLibrary("Vert.x",
            "two verticles, each on its own event loop, and the event bus of one JVM", "vertx-core",
            VertxMessages.class);
    static final MessageLibrary PEKKO = new MessageLibrary("Pekko",
            "two typed actors of Apache Pekko in one JVM, on its default dispatcher", "pekko-actor-typed_3",
            PekkoMessages.class);

    @Override
    public List<String> command(Place place, int port) {
        return messageCommand(place);
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of();
    }

    @Override
    public List<String> messageCommand(Place place) {
        return List.of(place.java().toString(), "-cp", place.peersClassPath(), program.getName());
    }

    @Override
    public Optional<String> missing(Place place) {
        return place.missingPeer(artifact);
    }
}
