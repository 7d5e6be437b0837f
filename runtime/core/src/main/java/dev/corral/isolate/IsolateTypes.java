package dev.corral.isolate;

import dev.corral.portable.Receiver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a program's code in one loader sees, for those who send to it. */
public final class IsolateTypes implements Receiver {
    private static final ClassLoader CORRAL = IsolateTypes.class.getClassLoader();

    private static final String CORRAL_PACKAGE = "dev.corral";

    private final ClassLoader loader;
    private final boolean isIsolate;
    /** Found to be shared: these belong to no isolate, so they are not held by this longer than elsewhere. */
    private final Set<Class<?>> shared = ConcurrentHashMap.newKeySet();

    private IsolateTypes(ClassLoader loader, boolean isIsolate) {
        this.loader = loader;
        this.isIsolate = isIsolate;
    }

    /** Of a worker. */
    public static Receiver of(Isolate isolate) {
        return new IsolateTypes(isolate.loader(), true);
    }

    /** Of the embedding program. */
    public static Receiver ofMaster(ClassLoader loader) {
        return new IsolateTypes(loader, false);
    }

    @Override
    public boolean shares(Class<?> type) {
        if (shared.contains(type)) {
            return true;
        }
        ClassLoader owner = type.getClassLoader();
        if (owner instanceof IsolateLoader || (isIsolate && owner == loader)) {
            return false; // its own classes, too: what it sends to itself is copied like any other
        }
        boolean same =
                (owner == CORRAL && type.getPackageName().equals(CORRAL_PACKAGE)) || find(type.getName()) == type;
        if (same) {
            shared.add(type);
        }
        return same;
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
