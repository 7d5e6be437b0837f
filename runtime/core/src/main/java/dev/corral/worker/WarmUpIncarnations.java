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
 * Creates incarnations without a program, for the warm-up of the failure path. Each has threads that sleep, and one
 * thread that becomes ready and then reports that it has run out of memory. The watchdog does not watch them.
 * Everything else that happens to them is real.
 */
public final class WarmUpIncarnations implements Incarnations {
    private final IsolatedIncarnations real;

    /** Creates incarnations through these, which {@link #close} closes. */
    public WarmUpIncarnations(IsolatedIncarnations real) {
        AsyncStop.prepare(); // while the threads stand still, so that none is stopped in the warm-up
        boolean _ = FlightRecordings.haveAllocations();
        this.real = real;
    }

    @Override
    public Incarnation create(Worker worker, Program program, Map<String, String> env, Reports reports) {
        return new WarmUp(real.create(worker, program, env, reports), reports);
    }

    private record WarmUp(IsolatedIncarnation real, Reports reports) implements Incarnation {
        @Override
        public void start() {
            var group = real.isolate().group();
            new Thread(group, WarmUp::sleep, "sleeper", 0, false).start();
            real.virtualThreadBuilder().start(WarmUp::sleep);
            new Thread(group, this::runOutOfMemory, "leaker", 0, false).start();
        }

        private static void sleep() {
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                // this ends the thread
            }
        }

        private void runOutOfMemory() {
            reports.online();
            reports.serving(new InetSocketAddress(0));
            throw new OutOfMemoryError("memory has not run out: this is a warm-up");
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
        public WorkerEndpoint endpoint() {
            return real.endpoint();
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
    public MessageHub messageHub() {
        return real.messageHub();
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
