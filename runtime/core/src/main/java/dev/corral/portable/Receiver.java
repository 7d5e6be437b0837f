package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/** Who receives: what it has in common with the sender, and what it knows by name. Any thread. */
public interface Receiver {
    /** Whether the receiver's code sees this very class. Is not asked about classes of the JDK. */
    boolean shares(Class<?> type);

    /** The receiver's class of that name, not initialised; null if it has none. Runs no code of the program. */
    @Nullable
    Class<?> find(String name);
}
