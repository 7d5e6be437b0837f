package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.commands.MasterLoop;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Target.AtMost;
import dev.corral.bench.compare.report.Unit;
import java.time.Duration;

/** How long clients wait for a worker that spins: until it has been detected, killed and replaced. */
final class ZombieToAnswer extends FaultToAnswer {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    ZombieToAnswer() {
        super("/spin", new Figure("spin to answer", Unit.MILLIS, new AtMost(350)));
    }

    @Override
    public String id() {
        return "zombie";
    }

    @Override
    public String title() {
        return "Zombie to answer";
    }

    @Override
    String fault() {
        return "on which the worker loops for ever";
    }

    @Override
    String remark() {
        return "The guard checks each worker every " + INTERVAL.toMillis() + " ms and kills it after "
                + MasterLoop.MISSED
                + " missed signs of life in a row. It therefore takes " + MasterLoop.MISSED * INTERVAL.toMillis()
                + " to "
                + (MasterLoop.MISSED + 1) * INTERVAL.toMillis() + " ms to notice the loop. Corral has a watchdog for"
                + " this. For Node and Java processes the guard is written by hand: the worker sends a line once per"
                + " interval, and the master kills it (SIGKILL, `terminate()`) and forks another one. A Java worker"
                + " has one carrier thread and sends the line from a virtual thread, because a separate platform thread"
                + " would continue to send. PM2 is not measured, because it replaces only workers that have exited. Vert.x"
                + " and Pekko are not measured, because they cannot end a thread that loops.";
    }

    @Override
    void prepare(Group group) throws InterruptedException {
        group.guard(INTERVAL);
    }

    @Override
    int warmUps(Effort effort) {
        return effort.of(1, 3);
    }

    @Override
    int faults(Effort effort) {
        return effort.of(2, 8);
    }
}
