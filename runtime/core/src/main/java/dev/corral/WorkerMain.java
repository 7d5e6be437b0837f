package dev.corral;

/**
 * A program written for Corral. Entered once per worker, on a virtual thread of its own carrier. After it returns, the
 * worker lives on while it has a non-daemon thread, an open port or a handler of messages.
 */
@FunctionalInterface
public interface WorkerMain {
    /** The program. What it throws is an uncaught exception of the worker. */
    void run(WorkerContext context) throws Exception;
}
