package dev.corral;

/** A registration. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the registration; a call that is under way is not waited for. A second call does nothing. */
    @Override
    void close();
}
