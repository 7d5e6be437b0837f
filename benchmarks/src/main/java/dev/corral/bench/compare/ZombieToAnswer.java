package dev.corral.bench.compare;

import dev.corral.bench.compare.Target.AtMost;
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
        return "it loops for ever";
    }

    @Override
    String remark() {
        return "Each worker is looked at every " + INTERVAL.toMillis() + " ms and ended by force after "
                + MasterLoop.MISSED
                + " signs of life missed in a row, so that noticing it takes " + MasterLoop.MISSED * INTERVAL.toMillis()
                + " to "
                + (MasterLoop.MISSED + 1) * INTERVAL.toMillis()
                + " ms. Corral has a watchdog for it; for Node and Java processes"
                + " the guard is written by hand: the worker sends a line so often, the master kills it (SIGKILL,"
                + " `terminate()`) and forks. Java workers have one carrier thread and send from a virtual thread: on a"
                + " thread of its own the heartbeat would go on. Not measured, since it never ends: PM2 replaces only what has"
                + " exited, and Vert.x and Pekko have no means to end a thread that loops.";
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
