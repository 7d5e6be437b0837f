package dev.corral;

/**
 * Takes messages, one at a time, on a virtual thread of the receiver; it may block. What it throws answers an ask with the failure; thrown
 * for any other message it is an uncaught exception of the worker, or, in the master, logged.
 */
@FunctionalInterface
public interface MessageHandler {
    /** Takes one. */
    void handle(Message message) throws Exception;
}
