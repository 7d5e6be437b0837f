package dev.corral;

import dev.corral.master.Master;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The one place where the API reaches up to what implements it. */
final class Implementation {
    private Implementation() {}

    static Cluster open(Program program, UnaryOperator<ClusterConfig> configure) {
        return Master.open(program, configure.apply(Settings.defaults(program)));
    }

    static Optional<WorkerContext> contextOfThisThread() {
        return Master.contextOfThisThread();
    }

    static Set<Capability> capabilities() {
        return Master.capabilities();
    }

    static Inspection inspect(Program program) {
        return Master.inspect(program);
    }
}
