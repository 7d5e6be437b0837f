package dev.corral;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * One incarnation of the program, as the master sees it. Thread-safe; a dead one answers for ever. Figures are estimates
 * of the moment.
 */
public interface Worker {
    /** From 1, never used twice in a cluster. */
    long id();

    /** 0 to n-1, kept across restarts. */
    int slot();

    /** The code that it runs. */
    Program program();

    /** Where it is in its life. Events are delivered later than the state changes, so a listener may see a later state. */
    WorkerState state();

    /**
     * Completes when it is ready, with itself; exceptionally, with {@link WorkerExitedException}, if it ends before.
     */
    CompletableFuture<Worker> onReady();

    /** Completes after the exit, never exceptionally. */
    CompletableFuture<Exit> onExit();

    /**
     * Drains and stops this worker, and closes its slot. A later call changes nothing.
     *
     * @return a new future, which completes as {@link #onExit} does
     */
    CompletableFuture<Exit> disconnect();

    /** Ends it by force now, as a fault: the restart policy decides about the slot. Completes like {@link #onExit}. */
    CompletableFuture<Exit> kill();

    /**
     * Forks a fresh worker for this slot, waits until it is ready, then drains this one. A replacement that ends before it
     * is ready, or is not ready within {@link ReloadPolicy#readyWithin}, is ended, and this worker serves on. Takes its turn among
     * reloads; one that replaces this worker meanwhile will do.
     *
     * @return completes with the new worker when it is ready; exceptionally, with {@link WorkerExitedException}, if it never
     *         was, or {@link IllegalStateException} if this worker had ended or was about to
     */
    CompletableFuture<Worker> replace();

    /**
     * Sends a message: its handler ({@link WorkerContext#onMessage}) gets a copy. Waits while the mailbox is full. Messages of one sender
     * are handled in order.
     *
     * <p>What may cross: immutable values of the JDK (strings, numbers, {@code java.time}); arrays, collections and optionals of what may
     * cross; records and enums, which the receiver gets as its own class of the same name and shape; objects of
     * {@linkplain Program#withShared shared} classes if they are deeply immutable; {@link Message#transfer}.
     *
     * @throws NotPortableException if something in it may not cross; says where that is
     * @throws WorkerExitedException if it has ended, or does before there is room
     * @throws IllegalStateException on the event thread, where {@link #trySend} is what works
     */
    void send(Object message) throws InterruptedException;

    /**
     * As {@link #send}, and never waits.
     *
     * @return false if the mailbox is full, or the worker has ended, or has not begun
     * @throws NotPortableException as there
     */
    boolean trySend(Object message);

    /**
     * Sends a message and waits for the {@linkplain Message#reply reply}, for room in the mailbox included. A reply that comes later is
     * dropped.
     *
     * @param deadline positive
     * @throws TimeoutException if no reply comes in time
     * @throws HandlerException if its handler throws before it has replied
     * @throws WorkerExitedException if it has ended, or does before it replies
     * @throws NotPortableException as for {@link #send}
     * @throws ClassCastException if the reply is no {@code R}
     * @throws IllegalArgumentException if the deadline is not positive
     * @throws IllegalStateException on the event thread
     */
    <R> R ask(Object message, Class<R> reply, Duration deadline) throws InterruptedException, TimeoutException;

    /** Connections handed to it and not closed yet, those that it has not accepted included; an estimate, for balancers. */
    int connections();

    /**
     * Share of the last second or so that its carriers were inside a task, 0 to 1; an estimate, for balancers. Of a program
     * that serves on platform threads it says nothing.
     */
    double busy();

    /** For balancers that go by weights. Default 1, or what the worker had that was in this slot before. */
    int weight();

    /**
     * Replaces the weight, at once, for every port and for those who follow in this slot.
     *
     * @param weight 0 to 1000; with 0 it gets no new connection, whatever the balancer
     * @throws IllegalArgumentException for any other
     */
    void setWeight(int weight);

    /** Its figures of now; after its end, the last ones. */
    WorkerStats stats();
}
