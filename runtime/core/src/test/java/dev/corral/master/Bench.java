package dev.corral.master;

import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Inspection;
import dev.corral.Program;
import dev.corral.TestConfig;
import dev.corral.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A master without threads: the test turns its loop and moves its clock. */
final class Bench {
    final FakeClock clock = new FakeClock();
    final FakeIncarnations incarnations = new FakeIncarnations();
    final List<String> events = new ArrayList<>();
    final Master master;

    Bench(UnaryOperator<ClusterConfig> configure) {
        ClusterConfig config = configure.apply(TestConfig.of(new NoProgram(0)).withName("test").withWorkers(0));
        master = new Master(new NoProgram(0), config, incarnations, clock, () -> 0.5);
        config.listeners().forEach(listener -> master.on(ClusterEvent.class, listener));
        var _ = master.on(ClusterEvent.class, event -> events.add(describe(event)));
    }

    static String describe(ClusterEvent event) {
        return switch (event) {
            case ClusterEvent.Forked e -> "forked " + e.worker().id();
            case ClusterEvent.Online e -> "online " + e.worker().id();
            case ClusterEvent.Listening e -> "listening " + e.worker().id();
            case ClusterEvent.Ready e -> "ready " + e.worker().id();
            case ClusterEvent.HeartbeatMissed e -> "missed " + e.worker().id() + " " + e.missed();
            case ClusterEvent.BecameZombie e -> "zombie " + e.worker().id();
            case ClusterEvent.Reloaded e -> "reloaded " + e.result();
            case ClusterEvent.Replacing e -> "replacing " + e.worker().id();
            case ClusterEvent.Disconnected e -> "disconnected " + e.worker().id();
            case ClusterEvent.Exited e -> "exited " + e.worker().id() + " " + e.exit().code() + " " + e.exit().reason();
            case ClusterEvent.GaveUp e -> "gave up " + e.slot() + " after " + e.restarts();
            case ClusterEvent.LoaderLeaked e -> "leaked " + e.worker().id();
        };
    }

    /** Runs all that is due, and delivers what comes of it. */
    void turn() {
        master.services().loop().turn();
        master.services().events().deliverAll();
    }

    void advance(Duration by) {
        clock.advance(by);
        turn();
    }

    Worker fork() {
        Worker worker = master.fork();
        turn();
        return worker;
    }

    Worker forkReady() {
        Worker worker = fork();
        incarnations.of(worker.id()).ready();
        turn();
        return worker;
    }

    FakeIncarnations.Fake of(Worker worker) {
        return incarnations.of(worker.id());
    }

    /** The newest incarnation. */
    FakeIncarnations.Fake last() {
        return incarnations.all.values().stream().reduce((_, b) -> b).orElseThrow();
    }

    /** The one before the newest, and so on. */
    FakeIncarnations.Fake last(int nth) {
        return List.copyOf(incarnations.all.values()).reversed().get(nth - 1);
    }

    List<String> takeEvents() {
        List<String> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    record NoProgram(int version) implements Program {
        @Override
        public Program withShared(String... packages) {
            return this;
        }

        @Override
        public Program again() {
            return new NoProgram(version + 1);
        }

        @Override
        public String name() {
            return "none";
        }

        @Override
        public String fingerprint() {
            return "version" + version;
        }

        @Override
        public Inspection inspect() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String mainClass() {
            return "None";
        }

        @Override
        public boolean isWorkerMain() {
            return false;
        }

        @Override
        public List<String> args() {
            return List.of();
        }

        @Override
        public List<Entry> classPath() {
            return List.of(new Entry(Path.of("a"), Path.of("b")));
        }

        @Override
        public Set<String> shared() {
            return Set.of();
        }

        @Override
        public ClassLoader parent() {
            return getClass().getClassLoader();
        }

        @Override
        public String toString() {
            return fingerprint();
        }
    }
}
