package dev.corral;

/**
 * A program that is written for Corral. It is called once per worker, on a virtual thread of the worker's own carrier.
 * After it returns, the worker stays alive while it has a non-daemon thread, an open port or a message handler.
 */
@FunctionalInterface
public interface WorkerMain {
    /** Runs the program. An exception is an uncaught exception of the worker. */
    void run(WorkerContext context) throws Exception;
}
