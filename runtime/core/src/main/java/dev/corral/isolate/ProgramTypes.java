package dev.corral.isolate;

import dev.corral.portable.Receiver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a program's code in one loader sees, for those who send to it. */
public final class ProgramTypes implements Receiver {
    private static final ClassLoader CORRAL = ProgramTypes.class.getClassLoader();
    private static final String API = "dev.corral";

    private final ClassLoader loader;
    /** By the name of a class: whether it may be one that others have as well. */
    private final Predicate<String> isShared;
    /** Found to be shared: these belong to no isolate, so they are not held by this longer than elsewhere. */
    private final Set<Class<?>> shared = ConcurrentHashMap.newKeySet();

    private ProgramTypes(ClassLoader loader, Predicate<String> isShared) {
        this.loader = loader;
        this.isShared = isShared;
    }

    /** Of a worker. */
    static Receiver of(ClassLoader loader, ProgramCode code) {
        return new ProgramTypes(loader, code::isShared);
    }

    /** Of the embedding program. */
    public static Receiver ofMaster(ClassLoader loader) {
        return new ProgramTypes(loader, _ -> true);
    }

    /** Asked for each record that is sent. */
    @Override
    public boolean shares(Class<?> type) {
        if (shared.contains(type)) {
            return true;
        }
        ClassLoader owner = type.getClassLoader();
        if (owner instanceof IsolateLoader) {
            return false; // its own classes, too: what it sends to itself is copied like any other
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
