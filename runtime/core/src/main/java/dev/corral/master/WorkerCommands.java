package dev.corral.master;

import dev.corral.Worker;
import dev.corral.report.Reports;
import java.util.concurrent.CompletableFuture;

/**
 * The commands and reports about one worker: what the API asks for, and what the incarnation reports. Any thread may
 * call these methods, and they return at once.
 */
interface WorkerCommands extends Reports {
    /** Asks the worker to drain and to end; no other one follows in its slot. */
    void disconnect();

    /** Ends the worker forcibly. */
    void kill();

    /**
     * Replaces the worker by another one with the same code.
     *
     * @param future completes with the worker that has taken its place
     */
    void replace(CompletableFuture<Worker> future);

    /** Applies the worker's weight, which has changed. */
    void weigh();
}
