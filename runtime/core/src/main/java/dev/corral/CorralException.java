package dev.corral;

/**
 * The base class of Corral's exceptions. The text says what failed, on which worker, the value, the limit, and the
 * remedy.
 */
public class CorralException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Creates an exception with a text. */
    public CorralException(String message) {
        super(message);
    }

    /** Creates an exception with a text and a cause. */
    public CorralException(String message, Throwable cause) {
        super(message, cause);
    }
}
