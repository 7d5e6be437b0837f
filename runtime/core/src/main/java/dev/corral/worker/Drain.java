package dev.corral.worker;

import dev.corral.reap.JdkHttpServer;
import dev.corral.reap.Reaper;
import dev.corral.port.WorkerPorts;
import dev.corral.thread.Log;
import dev.corral.thread.Retry;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The drain of one worker: the time between its last new connection and its stop. Drain actions run. Connections
 * without a request in flight move to other workers if they can; otherwise clients learn that the connection ends.
 * Requests in flight may finish. Runs on the ending thread.
 */
final class Drain {
    private static final Log LOG = Log.get();
    /** The pause between two checks of a state that does not notify. */
    private static final long CHECK_MILLIS = 10;
    /** The time in which clients can learn that a connection ends which no other worker can take. */
    private static final Duration GOODBYE = Duration.ofMillis(250);
    /** The time in which a server can accept the connections that came before the stop, before drain actions run. */
    private static final Duration TAKE = Duration.ofSeconds(1);
    /**
     * The delay that the JDK's HTTP server gets. It has no effect, because the master ends the drain at an earlier
     * deadline.
     */
    private static final int HTTP_SERVER_SECONDS = 3600;

    private final Ending.Parts parts;
    private final WorkerPorts ports;
    private final Reaper reaper;
    private final BooleanSupplier isOver;

    /**
     * Creates the drain of one worker.
     *
     * @param isOver whether the worker must stop now, even if something is in progress
     */
    Drain(Ending.Parts parts, Reaper reaper, BooleanSupplier isOver) {
        this.parts = parts;
        this.ports = parts.ports();
        this.reaper = reaper;
        this.isOver = isOver;
    }

    /**
     * Drains the worker. Returns when nothing is in progress any more, or {@code isOver} holds.
     *
     * @throws InterruptedException if the thread is interrupted, because the next phase begins
     */
    void run() throws InterruptedException {
        ports.drain();
        long taken = System.nanoTime() + TAKE.toNanos();
        while (!isOver.getAsBoolean() && ports.awaitsConnections() && System.nanoTime() - taken < 0) {
            Thread.sleep(CHECK_MILLIS); // before the actions, because an action may close the server
        }
        runActions();
        // A server that stops closes connections without checking whether a request has arrived on them.
        while (!isOver.getAsBoolean() && ports.handOver()) {
            Thread.sleep(CHECK_MILLIS);
        }
        List<JdkHttpServer> servers = reaper.httpServers();
        servers.forEach(JdkHttpServer::closeWithAnswers);
        long goodbye = System.nanoTime() + GOODBYE.toNanos();
        while (!isOver.getAsBoolean() && (hasUnanswered() || (ports.connections() > 0
                && System.nanoTime() - goodbye < 0))) {
            Thread.sleep(CHECK_MILLIS);
        }
        servers.forEach(server -> server.stop(HTTP_SERVER_SECONDS, Reaper.threads()));
        while (!isOver.getAsBoolean() && !isDone(servers)) {
            Thread.sleep(CHECK_MILLIS);
            ports.closeIdle();
        }
    }

    /** Whether a client may have sent something that the program has not read. */
    private boolean hasUnanswered() {
        return ports.awaitsConnections() || ports.hasUnread();
    }

    private void runActions() throws InterruptedException {
        if (parts.context().hasDrainActions()) {
            Thread actions = threadOfWorker(parts.context()::runDrainActions);
            boolean runs =
                    Retry.until(isOver).run(e -> LOG.failed("drain actions wait for a thread", e), actions::start);
            while (runs && !isOver.getAsBoolean() && actions.isAlive() && !parts.termination().isWaiting(actions)) {
                actions.join(CHECK_MILLIS);
            }
        }
    }

    private Thread threadOfWorker(Runnable action) {
        var thread = new Thread(parts.isolate().group(), action, parts.isolate().name() + "/drain", 0, false);
        thread.setDaemon(false);
        thread.setContextClassLoader(parts.isolate().loader());
        return thread;
    }

    private boolean isDone(List<JdkHttpServer> servers) {
        if (ports.connections() > 0 || !parts.endpoint().isIdle()) {
            return false;
        }
        servers.forEach(JdkHttpServer::remind);
        return servers.stream().allMatch(JdkHttpServer::hasEnded);
    }
}
