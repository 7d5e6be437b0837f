package dev.corral.bench.compare;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rate of messages without answers. */
final class OneWay extends Messages {
    private final Map<Payload, Figure> rates = new LinkedHashMap<>();

    OneWay() {
        for (Payload payload : Payload.values()) {
            rates.put(payload, new Figure(payload.title() + ": messages", Unit.PER_SECOND));
        }
    }

    @Override
    public String id() {
        return "one-way";
    }

    @Override
    public String title() {
        return "Messages one way";
    }

    @Override
    String measured() {
        return "Messages that the other side has got, by its clock, while one side sends as fast as it may: no more than two"
                + " windows of " + MessageLoop.WINDOW
                + " messages are on their way. A window of Node's cluster is through at"
                + " the callback of its last `send()`; a pipe blocks its writer by itself; elsewhere the receiver tells."
                + " *Transferred*: bytes that are allocated for each message and change hands without a copy; without a"
                + " figure where there is no such way.";
    }

    @Override
    public List<Figure> figures() {
        return List.copyOf(rates.values());
    }

    @Override
    List<Payload> payloads(SendsMessages contender) {
        return Stream.of(Payload.values())
                .filter(payload -> payload != Payload.TRANSFERRED || contender.transfersBodies()).toList();
    }

    @Override
    void measure(Group group, Payload payload, Duration span, Map<Figure, Double> figures)
            throws InterruptedException {
        figures.put(rates.get(payload), group.oneWay(payload, span));
    }
}
