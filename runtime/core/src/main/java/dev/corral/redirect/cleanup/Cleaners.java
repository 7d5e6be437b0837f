package dev.corral.redirect.cleanup;

import static java.util.Objects.requireNonNull;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Cleaners. Their threads belong to the JDK and hold the registered actions. An action holds the worker's class loader,
 * the loader holds the static fields, and these may hold the object whose end the action waits for. So the actions are
 * removed when the worker ends.
 */
@Documented(of = "`Cleaner`",
        becomes = "when the worker ends, its actions are dropped and do not run, as when a JVM ends. A thread factory is not used")
public final class Cleaners implements Redirect {
    /** Actions that have not run. Added by any thread, removed by the threads of cleaners. */
    private final Set<Action> waiting = ConcurrentHashMap.newKeySet();

    /** The redirect of a worker without actions yet. */
    public Cleaners() {}

    /** What is registered with the JDK's cleaner in place of the program's action. */
    private final class Action implements Runnable {
        /** The program's action; null after it has run or was dropped. Written by any thread. */
        private volatile @Nullable Runnable action;
        /**
         * Null until the action is registered. Written by the thread that registers it, read by the thread that ends
         * the worker.
         */
        private volatile Cleaner.@Nullable Cleanable cleanable;

        Action(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            waiting.remove(this);
            Runnable once = action;
            action = null;
            if (once != null) {
                once.run();
            }
        }

        /** Drops the program's action, and removes this one from the cleaner. */
        void giveUp() {
            action = null;
            Cleaner.Cleanable known = cleanable;
            if (known != null) {
                known.clean();
            }
        }
    }

    /** Ignores the factory: a thread of the worker would wait in a loop of the JDK until the cleaner is collected. */
    @Replaces(type = Cleaner.class, method = "create")
    Cleaner create(ThreadFactory factory) {
        requireNonNull(factory);
        return Cleaner.create();
    }

    @Replaces(type = Cleaner.class, method = "register")
    Cleaner.Cleanable register(Cleaner cleaner, Object object, Runnable action) {
        requireNonNull(object);
        var own = new Action(requireNonNull(action));
        waiting.add(own);
        Cleaner.Cleanable cleanable = cleaner.register(object, own);
        own.cleanable = cleanable;
        return cleanable;
    }

    @Override
    public void close() {
        waiting.forEach(Action::giveUp);
        waiting.clear();
    }
}
