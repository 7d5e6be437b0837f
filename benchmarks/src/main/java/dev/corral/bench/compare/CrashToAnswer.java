package dev.corral.bench.compare;

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
        return "it throws";
    }

    @Override
    String remark() {
        return "A thread of Node has its port to itself, and takes it along when it ends.";
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
