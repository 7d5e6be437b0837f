package dev.corral;

/** Thrown by {@link Worker#ask} if the handler of the receiver threw an exception before it replied. */
public final class HandlerException extends CorralException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    /** Creates an exception with a text and the handler's exception. */
    public HandlerException(String message, Failure failure) {
        super(message);
        this.failure = failure;
    }

    /** Returns the handler's exception, as text. */
    public Failure failure() {
        return failure;
    }
}
