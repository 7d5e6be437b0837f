package dev.corral.bench.compare;

import java.util.List;
import java.util.Optional;

/** Vert.x, for its event bus. It takes part where messages are sent: its verticles share a JVM, and nobody guards them. */
final class VertxBus implements SendsMessages {
    static final String LIBRARY = "vertx-core";

    @Override
    public String name() {
        return "Vert.x";
    }

    @Override
    public String description() {
        return "two verticles, each on an event loop of its own, and the event bus of one JVM";
    }

    @Override
    public List<String> command(Place place, int port) {
        return messageCommand(place);
    }

    @Override
    public List<String> messageCommand(Place place) {
        return List.of(place.java().toString(), "-cp", place.peersClassPath(), VertxMessages.class.getName());
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
