package dev.corral.worker;

import static java.util.Objects.requireNonNull;

import dev.corral.ConnectionHandler;
import dev.corral.MessageHandler;
import dev.corral.ServerPort;
import dev.corral.Subscription;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.WorkerStats;
import dev.corral.health.Pauses;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.port.WorkerPorts;
import dev.corral.redirect.environment.Environment;
import dev.corral.redirect.thread.VirtualThreadMaking;
import dev.corral.report.Reports;
import dev.corral.thread.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeoutException;

/** The worker as its own program sees it. */
final class Context implements WorkerContext {
    private static final Log LOG = Log.get();

    private static final int MAX_PORT = 65_535;

    private final Worker worker;
    private final String cluster;
    private final Environment environment;
    private final WorkerPorts ports;
    private final WorkerEndpoint endpoint;
    private final VirtualThreadMaking virtualThreads;
    private final Pauses pauses;
    private final Reports reports;
    /** The registered actions, the last one first. */
    private final Deque<DrainAction> drainActions = new ConcurrentLinkedDeque<>();

    /** A registered action. It is compared by identity, so that an action may be registered twice. */
    private static final class DrainAction {
        final Runnable action;

        DrainAction(Runnable action) {
            this.action = action;
        }
    }

    Context(Worker worker, String cluster, Environment environment, WorkerPorts ports,
            WorkerEndpoint endpoint, VirtualThreadMaking virtualThreads, Pauses pauses, Reports reports) {
        this.worker = worker;
        this.cluster = cluster;
        this.environment = environment;
        this.ports = ports;
        this.endpoint = endpoint;
        this.virtualThreads = virtualThreads;
        this.pauses = pauses;
        this.reports = reports;
    }

    WorkerPorts ports() {
        return ports;
    }

    @Override
    public long id() {
        return worker.id();
    }

    @Override
    public int slot() {
        return worker.slot();
    }

    @Override
    public String cluster() {
        return cluster;
    }

    @Override
    public Map<String, String> env() {
        return environment.getenv();
    }

    @Override
    public WorkerStats stats() {
        return worker.stats();
    }

    @Override
    public ServerPort serve(int port, ConnectionHandler handler) throws IOException {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("the port is " + port + "; it must be from 0 to " + MAX_PORT);
        }
        return ports.serve(port, requireNonNull(handler, "handler"), virtualThreads.ofVirtual().name(
                cluster + "#" + id() + "/serve"));
    }

    @Override
    public void ready() {
        reports.readySignalled();
    }

    @Override
    public Subscription onDrain(Runnable action) {
        var registered = new DrainAction(requireNonNull(action, "action"));
        drainActions.addFirst(registered);
        return () -> drainActions.remove(registered);
    }

    @Override
    public void disconnect() {
        reports.leaving();
    }

    @Override
    public Subscription onMessage(MessageHandler handler) {
        return endpoint.receive(requireNonNull(handler, "handler"));
    }

    @Override
    public void send(long to, Object message) throws InterruptedException {
        endpoint.send(endpoint.find(to), message);
    }

    @Override
    public boolean trySend(long to, Object message) {
        return endpoint.trySend(endpoint.find(to), message);
    }

    @Override
    public <R> R ask(long to, Object message, Class<R> reply, Duration deadline)
            throws InterruptedException, TimeoutException {
        return endpoint.ask(endpoint.find(to), message, reply, deadline);
    }

    @Override
    public Subscription pauseHeartbeat(Duration atMost) {
        return pauses.begin(atMost);
    }

    boolean hasDrainActions() {
        return !drainActions.isEmpty();
    }

    /** Runs the registered actions, the last one first. Called on a thread of the worker. */
    void runDrainActions() {
        for (DrainAction each = drainActions.poll(); each != null; each = drainActions.poll()) {
            try {
                each.action.run();
            } catch (Throwable e) { // whatever the program throws
                LOG.log(Level.WARNING, () -> "an onDrain action of worker " + id() + " threw", e);
            }
        }
    }
}
