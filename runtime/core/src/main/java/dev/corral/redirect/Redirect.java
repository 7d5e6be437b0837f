package dev.corral.redirect;

/**
 * One thing that exists once per JVM, as one worker has it. An implementation is a public class whose annotated methods
 * say what they intercept; see the package. The methods may be called by any thread of the worker, also by several at a
 * time.
 */
public interface Redirect extends AutoCloseable {
    /**
     * Releases what the JDK still holds for the worker, and what would otherwise prevent the collection of its class
     * loader. Called once, by the thread that ends the worker. By default there is nothing to release.
     */
    @Override
    default void close() {}
}
