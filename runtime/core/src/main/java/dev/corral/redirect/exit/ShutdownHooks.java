package dev.corral.redirect.exit;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Shutdown hooks: they run when the worker stops. As in a JVM, each hook is a thread that is started then. */
@Documented(of = "`Runtime.addShutdownHook`", becomes = "the hook runs when this worker stops")
public final class ShutdownHooks implements Redirect {
    private final ReentrantLock lock = new ReentrantLock();
    /** Null after {@link #take}. Guarded by the lock. */
    private @Nullable Set<Thread> hooks = Collections.newSetFromMap(new IdentityHashMap<>());

    @Replaces(type = Runtime.class, method = "addShutdownHook")
    void add(Runtime runtime, Thread hook) {
        lock.lock();
        try {
            if (hooks == null) {
                throw new IllegalStateException("Shutdown in progress");
            }
            if (hook.isAlive()) {
                throw new IllegalArgumentException("Hook already running");
            }
            if (!hooks.add(hook)) {
                throw new IllegalArgumentException("Hook previously registered");
            }
        } finally {
            lock.unlock();
        }
    }

    @Replaces(type = Runtime.class, method = "removeShutdownHook")
    boolean remove(Runtime runtime, Thread hook) {
        lock.lock();
        try {
            if (hooks == null) {
                throw new IllegalStateException("Shutdown in progress");
            }
            return hooks.remove(hook);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes and returns the hooks; the caller starts them. After this call none can be added. A second call returns
     * none.
     */
    public List<Thread> take() {
        lock.lock();
        try {
            List<Thread> taken = hooks == null ? List.of() : new ArrayList<>(hooks);
            hooks = null;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Releases hooks that never ran. */
    @Override
    public void close() {
        take();
    }
}
