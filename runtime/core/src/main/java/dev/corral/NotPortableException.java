package dev.corral;

/**
 * What was to be sent cannot cross to the receiver. The text says where it is, what it is, and the remedy where there is one:
 * {@code order.items[3].connection: java.net.Socket is not portable}.
 */
public final class NotPortableException extends CorralException {
    private static final long serialVersionUID = 1;

    private final String path;

    /** With that text, of what is at that path. */
    public NotPortableException(String message, String path) {
        super(message);
        this.path = path;
    }

    /**
     * From the body of the message to what is refused, as {@code order.items[3].connection}: begins with the simple name of the
     * body's class. The middle of a very long one is left out.
     */
    public String path() {
        return path;
    }
}
