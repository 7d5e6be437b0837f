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
 * What is done between the moment in which a worker gets no new connection and its stop: drain actions run, connections that can go to
 * others do, between two requests; where they cannot, clients are told that they end, and what is under way may finish. Runs on the
 * ending thread.
 */
final class Drain {
    private static final Log LOG = Log.get();
    /** Between two looks at something that tells no one when it is over. */
    private static final long LOOK_MILLIS = 10;
    /** For clients that ask on connections that nobody else can take, to be told that the connection ends. */
    private static final Duration GOODBYE = Duration.ofMillis(250);
    /** For a server to accept, before drain actions run, what came before the stop. */
    private static final Duration TAKE = Duration.ofSeconds(1);
    /** What the JDK's HTTP server is given; the master ends the drain at its own deadline. */
    private static final int HTTP_SERVER_SECONDS = 3600;

    private final Ending.Parts parts;
    private final WorkerPorts ports;
    private final Reaper reaper;
    private final BooleanSupplier isOver;

    /**
     * Of one worker.
     *
     * @param isOver whether it is to stop now, whatever is under way
     */
    Drain(Ending.Parts parts, Reaper reaper, BooleanSupplier isOver) {
        this.parts = parts;
        this.ports = parts.ports();
        this.reaper = reaper;
        this.isOver = isOver;
    }

    /** Returns when nothing is under way any more, or it is over. */
    void run() throws InterruptedException {
        ports.drain();
        long taken = System.nanoTime() + TAKE.toNanos();
        while (!isOver.getAsBoolean() && ports.awaitsConnections() && System.nanoTime() - taken < 0) {
            Thread.sleep(LOOK_MILLIS); // an action may close the server
        }
        runActions();
        // A server that stops closes connections without asking what has come on them meanwhile.
        while (!isOver.getAsBoolean() && ports.handOver()) {
            Thread.sleep(LOOK_MILLIS);
        }
        List<JdkHttpServer> servers = reaper.httpServers();
        servers.forEach(JdkHttpServer::closeWithAnswers);
        long goodbye = System.nanoTime() + GOODBYE.toNanos();
        while (!isOver.getAsBoolean() && (hasUnanswered() || (ports.connections() > 0
                && System.nanoTime() - goodbye < 0))) {
            Thread.sleep(LOOK_MILLIS);
        }
        servers.forEach(server -> server.stop(HTTP_SERVER_SECONDS, Reaper.threads()));
        while (!isOver.getAsBoolean() && !isDone(servers)) {
            Thread.sleep(LOOK_MILLIS);
            ports.closeIdle();
        }
    }

    /** Whether a client may have asked what the program has not read. */
    private boolean hasUnanswered() {
        return ports.awaitsConnections() || ports.hasUnread();
    }

    private void runActions() throws InterruptedException {
        if (parts.context().hasDrainActions()) {
            Thread actions = threadOfWorker(parts.context()::runDrainActions);
            boolean runs =
                    Retry.until(isOver).run(e -> LOG.failed("drain actions wait for a thread", e), actions::start);
            while (runs && !isOver.getAsBoolean() && actions.isAlive() && !parts.termination().isWaiting(actions)) {
                actions.join(LOOK_MILLIS);
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
        if (ports.connections() > 0 || !parts.side().isIdle()) {
            return false;
        }
        servers.forEach(JdkHttpServer::remind);
        return servers.stream().allMatch(JdkHttpServer::hasEnded);
    }
}
