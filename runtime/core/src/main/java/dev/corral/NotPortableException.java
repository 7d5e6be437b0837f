package dev.corral;

/**
 * Thrown if something in a message cannot cross to the receiver. The text says where in the message it is, what it is,
 * and the remedy if there is one: {@code order.items[3].connection: java.net.Socket is not portable}.
 */
public final class NotPortableException extends CorralException {
    private static final long serialVersionUID = 1;

    private final String path;

    /**
     * Creates an exception with a text.
     *
     * @param path the path to the refused object; see {@link #path}
     */
    public NotPortableException(String message, String path) {
        super(message);
        this.path = path;
    }

    /**
     * Returns the path from the body of the message to the refused object, as {@code order.items[3].connection}. It
     * begins with the simple name of the body's class. The middle of a very long path is left out.
     */
    public String path() {
        return path;
    }
}
