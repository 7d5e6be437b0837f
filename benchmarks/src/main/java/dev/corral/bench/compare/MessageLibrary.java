package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

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
            "two verticles, each on an event loop of its own, and the event bus of one JVM", "vertx-core",
            VertxMessages.class);
    static final MessageLibrary PEKKO = new MessageLibrary("Pekko",
            "two typed actors of Apache Pekko in one JVM, on its default dispatcher", "pekko-actor-typed_3",
            PekkoMessages.class);

    @Override
    public List<String> command(Place place, int port) {
        return messageCommand(place);
    }

    @Override
    public List<String> messageCommand(Place place) {
        return List.of(place.java().toString(), "-cp", place.peersClassPath(), program.getName());
    }

    @Override
    public Optional<String> missing(Place place) {
        return place.missingPeer(artifact);
    }

    @Override
    public boolean suits(Row row) {
        return row instanceof Messages;
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    @Override
    public boolean sharesPort() {
        return false;
    }
}
