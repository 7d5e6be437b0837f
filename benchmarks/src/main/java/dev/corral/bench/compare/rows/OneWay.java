package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.commands.MessageLoop;
import dev.corral.bench.compare.commands.Payload;
import dev.corral.bench.compare.peers.SendsMessages;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Unit;
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
        return "The rate, by the receiver's clock, of messages that have arrived while the sender sends as fast as it is"
                + " allowed to: at most two windows of " + MessageLoop.WINDOW + " messages are on their way. In Node's"
                + " cluster a window is complete at the callback of its last `send()`. A pipe blocks its writer. Elsewhere the"
                + " receiver notifies the sender. *Transferred*: bytes that are allocated for each message and change"
                + " their owner without a copy. A contender that cannot do this has no such figure.";
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
