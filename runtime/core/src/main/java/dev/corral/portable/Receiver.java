package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/**
 * The classes of a receiver: those that it shares with the sender, and those that it finds by name. Any thread may call
 * it.
 */
public interface Receiver {
    /** Whether the receiver's code uses this same class. Not called for classes of the JDK. */
    boolean shares(Class<?> type);

    /** Returns the receiver's class of this name, not initialized; null if it has none. Runs no code of the program. */
    @Nullable
    Class<?> find(String name);
}
