package dev.corral.isolate;

import dev.corral.portable.Receiver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The types that the program's code in one class loader sees, for senders of messages. Thread-safe. */
public final class ProgramTypes implements Receiver {
    private static final ClassLoader CORRAL = ProgramTypes.class.getClassLoader();
    private static final String API = "dev.corral";

    private final ClassLoader loader;
    /** Whether the class with this name may be common to several programs. */
    private final Predicate<String> isShared;
    /**
     * Classes that were found to be shared. They belong to no isolate, so this set keeps no worker's class reachable.
     */
    private final Set<Class<?>> shared = ConcurrentHashMap.newKeySet();

    private ProgramTypes(ClassLoader loader, Predicate<String> isShared) {
        this.loader = loader;
        this.isShared = isShared;
    }

    /** Returns the types of a worker. */
    static Receiver of(ClassLoader loader, ProgramCode code) {
        return new ProgramTypes(loader, code::isShared);
    }

    /** Returns the types of the embedding program. */
    public static Receiver ofMaster(ClassLoader loader) {
        return new ProgramTypes(loader, _ -> true);
    }

    /** Returns whether objects of a class need not be copied for the receiver. Called for each record that is sent. */
    @Override
    public boolean shares(Class<?> type) {
        if (shared.contains(type)) {
            return true;
        }
        ClassLoader owner = type.getClassLoader();
        if (owner instanceof IsolateLoader) {
            return false; // also for the receiver's own classes: a message that it sends to itself is copied like any other
        }
        boolean isSame = (owner == CORRAL && type.getPackageName().equals(API))
                || (isShared.test(type.getName()) && find(type.getName()) == type);
        if (isSame) {
            shared.add(type);
        }
        return isSame;
    }

    @Override
    public @Nullable Class<?> find(String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }
}
