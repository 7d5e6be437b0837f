package dev.corral;

import java.util.concurrent.CompletableFuture;

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
     * Drains, stops; the slot closes. Later calls return the same future, which completes like {@link #onExit}.
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
