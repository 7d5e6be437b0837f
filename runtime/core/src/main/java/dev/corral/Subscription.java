package dev.corral;

/** The registration of a listener, a handler or an action. Closing it ends the registration. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the registration. Does not wait for a call that is under way. A second call has no effect. */
    @Override
    void close();
}
