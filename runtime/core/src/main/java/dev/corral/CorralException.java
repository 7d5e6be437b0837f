package dev.corral;

/** Base of what Corral throws; the text says what failed, on which worker, the value, the limit, and the remedy. */
public class CorralException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With that text. */
    public CorralException(String message) {
        super(message);
    }

    /** With that text, and what caused it. */
    public CorralException(String message, Throwable cause) {
        super(message, cause);
    }
}
