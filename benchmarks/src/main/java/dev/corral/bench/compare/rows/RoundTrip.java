package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.commands.Payload;
import dev.corral.bench.compare.peers.SendsMessages;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long an answer takes. */
final class RoundTrip extends Messages {
    private static final List<Payload> PAYLOADS = List.of(Payload.TEXT, Payload.BYTES);

    private final Map<Payload, Figure> p50 = new LinkedHashMap<>();
    private final Map<Payload, Figure> p99 = new LinkedHashMap<>();

    RoundTrip() {
        for (Payload payload : PAYLOADS) {
            p50.put(payload, new Figure(payload.title() + ", p50", Unit.MICROS));
            p99.put(payload, new Figure(payload.title() + ", p99", Unit.MICROS));
        }
    }

    @Override
    public String id() {
        return "round-trip";
    }

    @Override
    public String title() {
        return "A message and its answer";
    }

    @Override
    String measured() {
        return "The time, by the sender's clock, from sending a message until the same body has come back from the"
                + " receiver. Only one message is on its way at a time. Vert.x: `request()` and `reply()`. Pekko: `ask` of an"
                + " actor.";
    }

    @Override
    public List<Figure> figures() {
        var figures = new ArrayList<Figure>();
        for (Payload payload : PAYLOADS) {
            figures.addAll(List.of(p50.get(payload), p99.get(payload)));
        }
        return figures;
    }

    @Override
    List<Payload> payloads(SendsMessages contender) {
        return PAYLOADS;
    }

    @Override
    void measure(Group group, Payload payload, Duration span, Map<Figure, Double> figures)
            throws InterruptedException {
        Group.RoundTrips micros = group.roundTrips(payload, span);
        figures.put(p50.get(payload), micros.p50Micros());
        figures.put(p99.get(payload), micros.p99Micros());
    }
}
