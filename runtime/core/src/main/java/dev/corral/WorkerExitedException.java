package dev.corral;

/** The worker ended before it could become ready, take a message or answer. */
public final class WorkerExitedException extends CorralException {
    private static final long serialVersionUID = 1;

    private final transient Exit exit;

    /** Of the worker that ended this way. */
    public WorkerExitedException(String message, Exit exit) {
        super(message);
        this.exit = exit;
    }

    /** How it ended. */
    public Exit exit() {
        return exit;
    }
}
