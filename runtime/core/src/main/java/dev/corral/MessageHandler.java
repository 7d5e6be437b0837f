package dev.corral;

/**
 * Handles messages, one at a time, on a virtual thread of the receiver; it may block. If it throws while it handles a
 * message of {@link Worker#ask}, the sender gets the failure. An exception on any other message is an uncaught
 * exception of the worker; in the master it is logged.
 */
@FunctionalInterface
public interface MessageHandler {
    /** Handles one message. */
    void handle(Message message) throws Exception;
}
