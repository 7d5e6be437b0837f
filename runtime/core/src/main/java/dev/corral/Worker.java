package dev.corral;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * One worker of a cluster, as the master sees it. Thread-safe. The methods work after the worker's end as well. Its
 * figures are estimates.
 */
public interface Worker {
    /** Returns the worker's id: 1 and up, never used twice in a cluster. */
    long id();

    /** Returns the worker's slot: 0 and up. A worker that is forked in place of an ended one has the same slot. */
    int slot();

    /** Returns the program that the worker runs. */
    Program program();

    /**
     * Returns the current state. Events are delivered after the state has changed, so a listener may see a later state.
     */
    WorkerState state();

    /**
     * Returns a future that completes with this worker when it is ready. It completes exceptionally, with
     * {@link WorkerExitedException}, if the worker ends before it is ready.
     */
    CompletableFuture<Worker> onReady();

    /** Returns a future that completes after the worker has ended. It never completes exceptionally. */
    CompletableFuture<Exit> onExit();

    /**
     * Drains and stops this worker, and closes its slot. Returns at once. A later call has no effect.
     *
     * @return a new future, which completes as {@link #onExit} does
     */
    CompletableFuture<Exit> disconnect();

    /**
     * Kills this worker. Returns at once. The end counts as a fault: the restart policy decides about the slot.
     *
     * @return a future that completes as {@link #onExit} does
     */
    CompletableFuture<Exit> kill();

    /**
     * Forks a new worker for this slot, waits until it is ready, then drains this one. Returns at once. If the
     * replacement ends before it is ready, or is not ready within {@link ReloadPolicy#readyWithin}, it is ended and
     * this worker keeps serving. Reloads, replacements and scalings run one at a time; if another one replaces this
     * worker first, this call completes with that replacement.
     *
     * @return a future that completes with the new worker when it is ready. It completes exceptionally, with
     *         {@link WorkerExitedException}, if the new worker did not become ready, or with
     *         {@link IllegalStateException} if this worker had ended or was about to end
     */
    CompletableFuture<Worker> replace();

    /**
     * Sends a message to this worker, whose handler ({@link WorkerContext#onMessage}) receives a copy. Blocks while the
     * mailbox is full. Messages of one sender are handled in order.
     *
     * <p>A message may contain immutable values of the JDK (strings, numbers, {@code java.time}); arrays, collections
     * and optionals of such content; records and enums, which the receiver gets as its own class of the same name and
     * components; objects of {@linkplain Program#withShared shared} classes if they are deeply immutable; and a
     * {@link Message#transfer}.
     *
     * @throws NotPortableException if something in the message may not cross; the text says where it is
     * @throws WorkerExitedException if the worker has ended, or ends before there is room
     * @throws IllegalStateException on the event thread; use {@link #trySend} there
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    void send(Object message) throws InterruptedException;

    /**
     * Sends a message as {@link #send} does, but never blocks.
     *
     * @return false if the mailbox is full, or if the worker has ended or not yet begun
     * @throws NotPortableException if something in the message may not cross
     */
    boolean trySend(Object message);

    /**
     * Sends a message and blocks until the {@linkplain Message#reply reply} arrives. The deadline includes the time to
     * wait for room in the mailbox. A reply that arrives later is dropped.
     *
     * @param reply the class of the reply
     * @param deadline positive
     * @throws TimeoutException if no reply arrives in time
     * @throws HandlerException if the handler throws before it has replied
     * @throws WorkerExitedException if the worker has ended, or ends before it replies
     * @throws NotPortableException if something in the message may not cross, as for {@link #send}
     * @throws ClassCastException if the reply is not an {@code R}
     * @throws IllegalArgumentException if the deadline is not positive
     * @throws IllegalStateException on the event thread
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    <R> R ask(Object message, Class<R> reply, Duration deadline) throws InterruptedException, TimeoutException;

    /**
     * Returns the number of connections that were assigned to this worker and are not closed, including those that it
     * has not yet accepted. An estimate, for balancers.
     */
    int connections();

    /**
     * Returns the share of about the last second in which the worker's carriers were inside a task, 0 to 1. An
     * estimate, for balancers. It is not meaningful for a program that serves on platform threads.
     */
    double busy();

    /**
     * Returns the weight, which some balancers use: 0 to 1000. The default is 1, or the weight of the previous worker
     * of this slot.
     */
    int weight();

    /**
     * Sets the weight of this worker and of later workers in its slot, for every port. Takes effect at once.
     *
     * @param weight 0 to 1000; with 0 the worker receives no new connections, whatever the balancer
     * @throws IllegalArgumentException if the weight is out of range
     */
    void setWeight(int weight);

    /** Returns the worker's current figures; after its end, the last ones. */
    WorkerStats stats();
}
