package dev.corral.bench.compare;

import dev.corral.bench.compare.Target.AtMostTimesPeer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How slow a worker is while its code is new, because it is not yet compiled. */
final class WarmUp implements Row {
    private final Figure firstListening = new Figure("first worker listening", Unit.MILLIS);
    private final Figure first =
            new Figure("its first requests", Unit.MILLIS, new AtMostTimesPeer(1.3, Bare.NAME));
    private final Figure laterListening = new Figure("second worker listening", Unit.MILLIS);
    private final Figure later =
            new Figure("the second's first requests", Unit.MILLIS, new AtMostTimesPeer(1.3, JavaProcesses.NAME));

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
        return "One worker, one client, one kept connection. From the fork until the master knew that the first worker of a new"
                + " master listens, by its clock; then how long its first " + requests(effort)
                + " requests take, one after another, by the client's clock, connecting included. Then the worker is ended and"
                + " a second one forked, of which the same is measured: what the JVM has compiled of the JDK is there, what it"
                + " has compiled of the program is not. The bare program is one worker for ever, in a JVM without Corral; Java"
                + " processes start a JVM each. A new master in each round, and a client that is warm.";
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
    public boolean suits(Contender contender) {
        return true;
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) throws Exception {
        Session session = () -> measure(contender, place, effort);
        session.round(); // warms up the client
        return session;
    }

    private Map<Figure, Double> measure(Contender contender, Place place, Effort effort) throws Exception {
        var figures = new HashMap<Figure, Double>();
        try (Group group = Group.start(contender, place)) {
            figures.put(firstListening, group.up(1).listeningMillis());
            figures.put(first, millis(group.port(), requests(effort)));
            if (contender.isCluster()) {
                group.down();
                figures.put(laterListening, group.up(1).listeningMillis());
                figures.put(later, millis(group.port(), requests(effort)));
            }
        }
        return figures;
    }

    private static double millis(int port, int requests) throws IOException {
        long start = System.nanoTime();
        try (var connection = new KeptConnection(port)) {
            for (int i = 0; i < requests; i++) {
                connection.ask();
            }
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
