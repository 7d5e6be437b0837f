package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

/** Apache Pekko, for its actors. It takes part where messages are sent: its actors share a JVM, and nobody guards their threads. */
final class PekkoActors implements SendsMessages {
    static final String LIBRARY = "pekko-actor-typed_3";

    @Override
    public String name() {
        return "Pekko";
    }

    @Override
    public String description() {
        return "two typed actors of Apache Pekko in one JVM, on its default dispatcher";
    }

    @Override
    public List<String> command(Place place, int port) {
        return messageCommand(place);
    }

    @Override
    public List<String> messageCommand(Place place) {
        return List.of(place.java().toString(), "-cp", place.peersClassPath(), PekkoMessages.class.getName());
    }

    @Override
    public Optional<String> missing(Place place) {
        return place.missingPeer(LIBRARY);
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
