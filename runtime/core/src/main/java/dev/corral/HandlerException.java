package dev.corral;

/** The handler of whoever was asked threw. */
public final class HandlerException extends CorralException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    /** It threw this. */
    public HandlerException(String message, Failure failure) {
        super(message);
        this.failure = failure;
    }

    /** What it threw, as text. */
    public Failure failure() {
        return failure;
    }
}
