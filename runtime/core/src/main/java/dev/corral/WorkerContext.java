package dev.corral;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A worker, seen from inside. Any thread of the worker may use it. */
public interface WorkerContext {
    /**
     * The worker that the current thread belongs to.
     *
     * @throws IllegalStateException in the master
     */
    static WorkerContext current() {
        return find().orElseThrow(() -> new IllegalStateException("this thread belongs to no worker"));
    }

    /** The worker that the current thread belongs to; empty in the master. */
    static Optional<WorkerContext> find() {
        return Implementation.contextOfThisThread();
    }

    /** From 1, never used twice in a cluster; {@code CORRAL_ID} in the environment. */
    long id();

    /** 0 to n-1, kept across restarts; {@code CORRAL_SLOT} in the environment. */
    int slot();

    /** Name of the cluster; {@code CORRAL_NAME} in the environment. */
    String cluster();

    /** What {@link System#getenv()} returns in this worker. */
    Map<String, String> env();

    /**
     * Its own accounts, for a worker that watches itself: Node's {@code process.memoryUsage()} and {@code cpuUsage()}. Looks at all
     * threads of the JVM: now and then, not for each request.
     */
    WorkerStats stats();

    /**
     * Shares the port: each connection that this worker is handed is served on a virtual thread of its own, and closed after.
     * The port keeps the worker alive until it is closed. All addresses of this machine.
     *
     * @param port 0 to 65535; 0 for a random one, the same for all workers: the n-th such port of each is shared with the
     *         n-th of the others
     * @throws java.net.BindException if it is taken, by another process or by this worker
     * @throws IllegalArgumentException if it is no port
     */
    ServerPort serve(int port, ConnectionHandler handler) throws IOException;

    /**
     * Says that traffic may come. Without {@link ClusterConfig#withReadySignal} a worker is ready at the latest when its server asks
     * for connections of the first port, and this call makes one ready that never will. Later calls do nothing.
     *
     * <p>In a reload the worker that is replaced serves on until this one serves all of its ports as well; see {@link ReloadPolicy}.
     */
    void ready();

    /**
     * Runs when this worker is to end on request: no new connection comes, those in flight go on. Before the shutdown hooks;
     * after it returns, or at the drain deadline, stop follows. Actions run one after another, last registered first, on a
     * platform thread of the worker. What one throws is logged.
     */
    Subscription onDrain(Runnable action);

    /**
     * Ends this worker by itself, voluntarily: Node's {@code process.disconnect()}. Returns at once; drain and stop follow,
     * and the slot closes. {@link System#exit} is the hard way.
     */
    void disconnect();

    /**
     * Receives from the master and from other workers: in order of each sender, one message at a time, on one virtual thread of this worker.
     * Until somebody does, messages wait in the mailbox. A handler keeps the worker alive until it is closed.
     *
     * @return closing it lets the handler finish with its message; what comes later waits for another handler
     * @throws IllegalStateException if there is one already
     */
    Subscription onMessage(MessageHandler handler);

    /**
     * As {@link Worker#send}.
     *
     * @param to a worker's id, or 0 for the master
     * @throws WorkerExitedException if that worker has ended
     * @throws IllegalArgumentException if there never was such a worker, or 1,000 have ended since it did
     */
    void send(long to, Object message) throws InterruptedException;

    /** As {@link Worker#trySend}; throws as {@link #send} does if the worker had ended before. */
    boolean trySend(long to, Object message);

    /** As {@link Worker#ask}, and throws as {@link #send} does. */
    <R> R ask(long to, Object message, Class<R> reply, Duration deadline) throws InterruptedException, TimeoutException;

    /**
     * Missed heartbeats do not count for so long; see {@link HeartbeatPolicy}. For work that cannot yield. The longest of
     * several counts; closing ends this one.
     *
     * @param atMost up to 1 h
     * @throws IllegalArgumentException if it is longer, or not positive
     */
    Subscription pauseHeartbeat(Duration atMost);
}
