package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Ability;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.peers.Peers;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Target.AtMostTimesPeer;
import dev.corral.bench.compare.report.Unit;
import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How slow a worker is while its code is new, because it is not yet compiled. */
final class WarmUp implements Row {
    private final Figure firstListening = new Figure("first worker listening", Unit.MILLIS);
    private final Figure first =
            new Figure("its first requests", Unit.MILLIS, new AtMostTimesPeer(1.3, Peers.BARE));
    private final Figure laterListening = new Figure("second worker listening", Unit.MILLIS);
    private final Figure later =
            new Figure("the second's first requests", Unit.MILLIS, new AtMostTimesPeer(1.3, Peers.JAVA_PROCESSES));

    @Override
    public String id() {
        return "warm-up";
    }

    @Override
    public String title() {
        return "Warm-up";
    }

    @Override
    public String method(Effort effort) {
        return "One worker, and one client with one kept connection. First, by the master's clock, the time from the fork"
                + " until the master knows that the first worker of a new master listens. Then, by the client's clock,"
                + " the time of the first " + requests(effort) + " requests, one after another, including the time to"
                + " connect. Then the worker is ended, and the same is measured for a second one. For the second worker the"
                + " JVM has already compiled the code of the JDK, but not the code of the program. The bare program has"
                + " no second worker and runs without Corral. Java processes start a JVM for each worker. Each round uses"
                + " a new master, and a client that is warm.";
    }

    @Override
    public List<Figure> figures() {
        return List.of(firstListening, first, laterListening, later);
    }

    @Override
    public int rounds(Effort effort) {
        return effort.of(2, 7);
    }

    private static int requests(Effort effort) {
        return effort.of(2000, 10_000);
    }

    @Override
    public Set<Ability> demands() {
        return Set.of(Ability.SERVES);
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) throws Exception {
        Session session = () -> measure(contender, place, effort);
        session.round(); // warms up the client
        return session;
    }

    private Map<Figure, Double> measure(Contender contender, Place place, Effort effort) throws Exception {
        var figures = new HashMap<Figure, Double>();
        try (Group group = contender.start(place)) {
            figures.put(firstListening, group.up(1).listeningMillis());
            figures.put(first, millis(group.port(), requests(effort)));
            if (contender.abilities().contains(Ability.FORKS)) {
                group.down();
                figures.put(laterListening, group.up(1).listeningMillis());
                figures.put(later, millis(group.port(), requests(effort)));
            }
        }
        return figures;
    }

    private static double millis(int port, int requests) throws IOException {
        long start = System.nanoTime();
        try (var connection = new HttpConnection(port)) {
            for (int i = 0; i < requests; i++) {
                connection.ask("/");
            }
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
