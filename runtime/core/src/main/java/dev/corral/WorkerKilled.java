package dev.corral;

/**
 * Thrown at the checkpoints of a worker that is being ended, again and again, in every thread of it. Do not catch it: the
 * next call or loop throws it anew. Has no stack trace.
 */
public final class WorkerKilled extends Error {
    private static final long serialVersionUID = 1;

    /** For the worker of that name. */
    public WorkerKilled(String worker) {
        super(worker + " is being ended", null, false, false);
    }
}
