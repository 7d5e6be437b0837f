package dev.corral.worker;

import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.hotspot.AsyncStop;
import dev.corral.mailbox.MessageHub;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.memory.FlightRecordings;
import dev.corral.report.Reports;
import dev.corral.report.WorkerFigures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Incarnations of no program. Each has threads that sleep, and one that gets ready and then runs out of memory, by its own account.
 * Nobody watches them; all else that is done to them is real.
 */
public final class WarmUpIncarnations implements Incarnations {
    private final IsolatedIncarnations real;

    /** Made and closed by these. */
    public WarmUpIncarnations(IsolatedIncarnations real) {
        AsyncStop.prepare(); // of threads that stand still, so none is stopped in the play
        boolean _ = FlightRecordings.haveAllocations();
        this.real = real;
    }

    @Override
    public Incarnation create(Worker worker, Program program, Map<String, String> env, Reports reports) {
        return new Rehearsed(real.create(worker, program, env, reports), reports);
    }

    private record Rehearsed(IsolatedIncarnation real, Reports reports) implements Incarnation {
        @Override
        public void start() {
            var group = real.isolate().group();
            new Thread(group, Rehearsed::sleep, "sleeper", 0, false).start();
            real.virtualThreadBuilder().start(Rehearsed::sleep);
            new Thread(group, this::runOutOfMemory, "leaker", 0, false).start();
        }

        private static void sleep() {
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                // this is its end
            }
        }

        private void runOutOfMemory() {
            reports.online();
            reports.serving(new InetSocketAddress(0));
            throw new OutOfMemoryError("none has run out: a rehearsal");
        }

        @Override
        public void admit(boolean admit) {
            real.admit(admit);
        }

        @Override
        public void watch(boolean overdue) {}

        @Override
        public void drain() {
            real.drain();
        }

        @Override
        public void stop(Duration kill) {
            real.stop(kill);
        }

        @Override
        public void kill(Duration deadline) {
            real.kill(deadline);
        }

        @Override
        public WorkerFigures facts() {
            return real.facts();
        }

        @Override
        public List<OpenPort> openPorts() {
            return real.openPorts();
        }

        @Override
        public WorkerEndpoint side() {
            return real.side();
        }

        @Override
        public int connections() {
            return real.connections();
        }

        @Override
        public double busy() {
            return real.busy();
        }
    }

    @Override
    public MessageHub post() {
        return real.post();
    }

    @Override
    public void forgetAllBut(Program program) {
        real.forgetAllBut(program);
    }

    @Override
    public void closeUnusedPorts() {
        real.closeUnusedPorts();
    }

    @Override
    public void suspendPorts() {
        real.suspendPorts();
    }

    @Override
    public void closePorts() {
        real.closePorts();
    }

    @Override
    public boolean awaitOutput(Duration atMost) throws InterruptedException {
        return real.awaitOutput(atMost);
    }

    @Override
    public void close() {
        real.close();
    }
}
