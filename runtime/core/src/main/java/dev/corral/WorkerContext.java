package dev.corral;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A worker, as its own program sees it. Any thread of the worker may use it. */
public interface WorkerContext {
    /**
     * Returns the worker that the current thread belongs to.
     *
     * @throws IllegalStateException in the master
     */
    static WorkerContext current() {
        return find().orElseThrow(() -> new IllegalStateException("this thread belongs to no worker"));
    }

    /** Returns the worker that the current thread belongs to; empty in the master. */
    static Optional<WorkerContext> find() {
        return Implementation.contextOfThisThread();
    }

    /**
     * Returns the worker's id: 1 and up, never used twice in a cluster. The environment variable {@code CORRAL_ID} has
     * it as well.
     */
    long id();

    /**
     * Returns the worker's slot: 0 and up, kept across restarts. The environment variable {@code CORRAL_SLOT} has it as
     * well.
     */
    int slot();

    /** Returns the name of the cluster. The environment variable {@code CORRAL_NAME} has it as well. */
    String cluster();

    /** Returns the environment of this worker, which {@link System#getenv()} returns in it. */
    Map<String, String> env();

    /**
     * Returns this worker's current figures, for a worker that observes itself: Node's {@code process.memoryUsage()}
     * and {@code cpuUsage()}. This method visits all threads of the JVM, so call it occasionally and not for each
     * request.
     */
    WorkerStats stats();

    /**
     * Serves a port that the workers share, on all addresses of this machine. Each connection that is assigned to this
     * worker is handled on its own virtual thread, and is closed afterwards. Returns at once. The port keeps the worker
     * alive until it is closed.
     *
     * @param port 0 to 65535. With 0 a random port is chosen, the same one for all workers: the n-th such port of each
     *        worker is shared with the n-th of the others
     * @throws java.net.BindException if another process or this worker has bound the port
     * @throws IllegalArgumentException if the number is out of range
     */
    ServerPort serve(int port, ConnectionHandler handler) throws IOException;

    /**
     * Reports that this worker is ready for traffic. Without {@link ClusterConfig#withReadySignal} a worker is also
     * ready when its server asks for connections of its first port; or, if it has a handler of messages and no port,
     * when its entry method has returned. Any other worker without a server becomes ready only by this call. Later
     * calls have no effect.
     *
     * <p>In a reload the old worker keeps serving until this one serves all of its ports as well; see
     * {@link ReloadPolicy}.
     */
    void ready();

    /**
     * Registers an action that runs when this worker must end on request. At that time new connections no longer
     * arrive, and open ones continue. Drain actions run before the shutdown hooks, one after another, the last
     * registered first, on a platform thread of the worker; they may block. The worker is stopped when they have
     * returned, or at the drain deadline. An exception that an action throws is logged.
     */
    Subscription onDrain(Runnable action);

    /**
     * Ends this worker on its own request, and closes its slot: Node's {@code process.disconnect()}. Returns at once;
     * drain and stop follow. {@link System#exit} ends the worker without draining.
     */
    void disconnect();

    /**
     * Registers the handler of messages from the master and from other workers. It is called on one virtual thread of
     * this worker, with one message at a time; the messages of each sender arrive in order. While there is no handler,
     * messages wait in the mailbox. A handler keeps the worker alive until it is closed.
     *
     * @return the registration; closing it does not interrupt a handler that runs. Later messages wait for another
     *         handler
     * @throws IllegalStateException if there is a handler already
     */
    Subscription onMessage(MessageHandler handler);

    /**
     * Sends a message as {@link Worker#send} does. Blocks while the receiver's mailbox is full.
     *
     * @param to a worker's id, or 0 for the master
     * @throws NotPortableException if something in the message may not cross
     * @throws WorkerExitedException if that worker has ended
     * @throws IllegalArgumentException if there never was such a worker, or if 1,000 workers have ended after it
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    void send(long to, Object message) throws InterruptedException;

    /**
     * Sends a message as {@link Worker#trySend} does, without blocking.
     *
     * @return false if the mailbox is full, or if the worker has ended during the call or not yet begun
     * @throws NotPortableException if something in the message may not cross
     * @throws WorkerExitedException if the worker had ended before the call
     * @throws IllegalArgumentException as for {@link #send}
     */
    boolean trySend(long to, Object message);

    /**
     * Sends a message and blocks until the reply arrives, as {@link Worker#ask} does. Throws the exceptions of that
     * method and of {@link #send}.
     *
     * @throws TimeoutException if no reply arrives in time
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    <R> R ask(long to, Object message, Class<R> reply, Duration deadline) throws InterruptedException, TimeoutException;

    /**
     * Stops counting missed checks of the {@link HeartbeatPolicy} for a time, for work that cannot yield. If there are
     * several pauses, the longest one counts.
     *
     * @param atMost the length of the pause; more than 0, up to 1 h
     * @return the pause; closing it ends it early
     * @throws IllegalArgumentException if the length is out of range
     */
    Subscription pauseHeartbeat(Duration atMost);
}
