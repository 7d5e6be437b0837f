package dev.corral.master;

import dev.corral.ExitReason;
import dev.corral.Failure;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.mailbox.MessageHub;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.portable.Receiver;
import dev.corral.portable.Types;
import dev.corral.report.WorkerFigures;
import dev.corral.worker.Incarnation;
import dev.corral.worker.Incarnations;
import dev.corral.report.EndedWorker;
import dev.corral.report.Reports;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Incarnations that are told what happens to them by the test, and that remember their verbs. */
final class FakeIncarnations implements Incarnations {
    final Map<Long, Fake> all = new LinkedHashMap<>();
    final List<String> ports = new ArrayList<>();
    boolean refuse;
    int closed;

    private final Types types = new Types(new Receiver() {
        @Override
        public boolean shares(Class<?> type) {
            return true;
        }

        @Override
        public Class<?> find(String name) {
            throw new AssertionError(name);
        }
    });
    private final MessageHub hub = new MessageHub("test", 16, types);

    @Override
    public boolean awaitOutput(Duration atMost) {
        return true;
    }

    @Override
    public MessageHub messageHub() {
        return hub;
    }

    static final class Fake implements Incarnation {
        final WorkerEndpoint endpoint;
        final Worker worker;
        final Map<String, String> env;
        final Reports reports;
        final List<String> verbs = new ArrayList<>();
        final List<OpenPort> openPorts = new CopyOnWriteArrayList<>();
        /** When its next port is opened. */
        long openedNanos;
        /** How often a verb of its end fails before it is done. */
        int outOfMemory;

        Fake(Worker worker, Map<String, String> env, Reports reports, WorkerEndpoint endpoint) {
            this.endpoint = endpoint;
            this.worker = worker;
            this.env = env;
            this.reports = reports;
        }

        @Override
        public void start() {
            verbs.add("start");
        }

        @Override
        public void admit(boolean admit) {
            verbs.add("admit " + admit);
        }

        @Override
        public void watch(boolean overdue) {
            verbs.add(overdue ? "watch overdue" : "watch");
        }

        @Override
        public void drain() {
            end("drain");
        }

        @Override
        public void stop(Duration kill) {
            end("stop");
        }

        @Override
        public void kill(Duration deadline) {
            end("kill");
        }

        private void end(String verb) {
            if (outOfMemory > 0) {
                outOfMemory--;
                throw new OutOfMemoryError("made up");
            }
            verbs.add(verb);
        }

        @Override
        public WorkerFigures facts() {
            return WorkerFigures.NONE;
        }

        @Override
        public List<OpenPort> openPorts() {
            return openPorts;
        }

        @Override
        public WorkerEndpoint endpoint() {
            return endpoint;
        }

        @Override
        public int connections() {
            return 3;
        }

        @Override
        public double busy() {
            return 0.5;
        }

        void online() {
            reports.online();
        }

        void ready() {
            reports.online();
            serve(8000);
        }

        /** Opens a port, and asks for connections of it. */
        void serve(int port) {
            var address = new InetSocketAddress("127.0.0.1", port);
            reports.listening(address);
            openPorts.add(new OpenPort(address, openedNanos, true, true));
            reports.serving(address);
        }

        void crash() {
            reports.exiting(new ExitReason.Crashed(new Failure("T", "boom", "")), false);
            ended();
        }

        void exit(int code) {
            reports.exiting(new ExitReason.Completed(code), false);
            ended(OptionalInt.of(code));
        }

        void ended() {
            ended(OptionalInt.empty());
        }

        void ended(OptionalInt code) {
            reports.ended(new FakeRemains(code));
        }
    }

    private record FakeRemains(OptionalInt code) implements EndedWorker {
        @Override
        public WorkerFigures facts() {
            return WorkerFigures.NONE;
        }

        @Override
        public List<String> output() {
            return List.of();
        }

        @Override
        public List<Object> undelivered() {
            return List.of();
        }

        @Override
        public int stoppedThreads() {
            return 2;
        }

        @Override
        public List<String> abandonedThreads() {
            return List.of();
        }

        @Override
        public int abandonedAlive() {
            return 0;
        }

        @Override
        public Loader loader() {
            return Loader.COLLECTED;
        }

        @Override
        public void findHolder(Consumer<String> told) {
            told.accept("");
        }
    }

    @Override
    public Incarnation create(Worker worker, Program program, Map<String, String> env, Reports reports) {
        if (refuse) {
            throw new IllegalStateException("no more threads");
        }
        var fake = new Fake(worker, env, reports,
                hub.join(worker.id(), types, Thread::new, () -> {}));
        all.put(worker.id(), fake);
        return fake;
    }

    Fake of(long id) {
        return all.get(id);
    }

    @Override
    public void forgetAllBut(Program program) {}

    @Override
    public void closeUnusedPorts() {
        ports.add("unused");
    }

    @Override
    public void suspendPorts() {
        ports.add("suspended");
    }

    @Override
    public void closePorts() {
        ports.add("all");
    }

    @Override
    public void close() {
        closed++;
    }
}
