package dev.corral;

/** Thrown if a worker ended before it became ready, took a message or replied. */
public final class WorkerExitedException extends CorralException {
    private static final long serialVersionUID = 1;

    private final transient Exit exit;

    /** Creates an exception with a text and the end of the worker. */
    public WorkerExitedException(String message, Exit exit) {
        super(message);
        this.exit = exit;
    }

    /** Returns how the worker ended. */
    public Exit exit() {
        return exit;
    }
}
