package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Spread;
import dev.corral.bench.compare.report.Target.AtMost;
import dev.corral.bench.compare.report.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How fast workers start. */
final class BringUp implements Row {
    private static final int MANY = 8;

    private final Figure first = new Figure("1 worker online, first fork of the master", Unit.MILLIS);
    private final Figure online = new Figure("1 online", Unit.MILLIS, new AtMost(1));
    private final Figure listening = new Figure("1 listening", Unit.MILLIS);
    private final Figure manyOnline = new Figure(MANY + " online", Unit.MILLIS);
    private final Figure manyListening = new Figure(MANY + " listening", Unit.MILLIS);

    @Override
    public String id() {
        return "bring-up";
    }

    @Override
    public String title() {
        return "Bring-up";
    }

    @Override
    public String method(Effort effort) {
        return "The time from the call that forks the first worker until the master knows that the last worker is *online*"
                + " (it has run its first statement) and that the last worker *listens* (its HTTP server accepts"
                + " connections). The master's clock counts. Each round uses a new master. The master forks its first"
                + " worker. Then it forks " + warmUps(effort) + " workers that are not counted, one after another, and"
                + " ends each of them before the next fork. The figures are the medians of " + ones(effort)
                + " forks of 1 worker, and of " + manies(effort) + " forks of " + MANY + " workers together.";
    }

    @Override
    public List<Figure> figures() {
        return List.of(first, online, listening, manyOnline, manyListening);
    }

    @Override
    public int rounds(Effort effort) {
        return effort.of(2, 5);
    }

    private static int warmUps(Effort effort) {
        return effort.of(2, 20);
    }

    private static int ones(Effort effort) {
        return effort.of(3, 10);
    }

    private static int manies(Effort effort) {
        return effort.of(1, 3);
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) {
        return () -> {
            try (Group group = contender.start(place)) {
                double firstMillis = group.up(1).onlineMillis();
                group.down();
                forkAndEnd(group, 1, warmUps(effort));
                List<Group.BringUp> one = forkAndEnd(group, 1, ones(effort));
                List<Group.BringUp> many = forkAndEnd(group, MANY, manies(effort));
                return Map.of(first, firstMillis, online, medianOnline(one), listening, medianListening(one),
                        manyOnline, medianOnline(many), manyListening, medianListening(many));
            }
        };
    }

    private static List<Group.BringUp> forkAndEnd(Group group, int workers, int times) throws InterruptedException {
        var all = new ArrayList<Group.BringUp>();
        for (int i = 0; i < times; i++) {
            all.add(group.up(workers));
            group.down();
        }
        return all;
    }

    private static double medianOnline(List<Group.BringUp> all) {
        return Spread.median(all.stream().map(Group.BringUp::onlineMillis).toList());
    }

    private static double medianListening(List<Group.BringUp> all) {
        return Spread.median(all.stream().map(Group.BringUp::listeningMillis).toList());
    }
}
