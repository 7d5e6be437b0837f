package dev.corral;

/**
 * Thrown in every thread of a worker that is being killed, at each of its checkpoints. Do not catch it: the next call
 * or loop throws it again. It has no stack trace.
 */
public final class WorkerKilled extends Error {
    private static final long serialVersionUID = 1;

    /** Creates an error for the worker with this name. */
    public WorkerKilled(String worker) {
        super(worker + " is being ended", null, false, false);
    }
}
