package dev.corral;

import dev.corral.balance.ClientHash;
import dev.corral.balance.LeastConnections;
import dev.corral.balance.RoundRobin;
import dev.corral.balance.Weighted;
import dev.corral.isolate.TwoLoaders;
import dev.corral.master.Master;
import dev.corral.master.Settings;
import dev.corral.program.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The door to the implementation: the only class of the API that uses other packages. */
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

    static String missing(Capability capability) {
        return Master.missing(capability);
    }

    static List<String> internals() {
        return Master.internals();
    }

    static Program program(Path jar, List<String> args) {
        return Snapshot.ofJar(jar, args);
    }

    static Program program(List<Path> classPath, String mainClass, List<String> args) {
        return Snapshot.ofClassPath(classPath, mainClass, args);
    }

    static Program program(Class<?> mainClass, List<String> args) {
        return Snapshot.ofClass(mainClass, args);
    }

    static Program program(Class<? extends WorkerMain> type) {
        return Snapshot.ofWorker(type);
    }

    static Inspection inspect(Program program) {
        return Master.inspect(program);
    }

    static Balancer roundRobin() {
        return new RoundRobin();
    }

    static Balancer weighted() {
        return new Weighted();
    }

    static Balancer leastConnections() {
        return new LeastConnections();
    }

    static Balancer clientHash() {
        return new ClientHash();
    }

    /** Returns one line with the remedy if an object came from another class loader; null for other exceptions. */
    static @Nullable String cureOf(Throwable thrown) {
        return TwoLoaders.cure(thrown);
    }
}
