package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Unit;

/** How long clients notice a crash of the only worker. */
final class CrashToAnswer extends FaultToAnswer {
    CrashToAnswer() {
        super("/crash", new Figure("crash to answer", Unit.MILLIS));
    }

    @Override
    public String id() {
        return "crash";
    }

    @Override
    public String title() {
        return "Crash to answer";
    }

    @Override
    String fault() {
        return "on which the worker throws an exception";
    }

    @Override
    String remark() {
        return "A thread of Node has its own port, which is closed when the thread ends.";
    }

    @Override
    void prepare(Group group) {}

    @Override
    int warmUps(Effort effort) {
        return effort.of(2, 20);
    }

    @Override
    int faults(Effort effort) {
        return effort.of(2, 20);
    }
}
