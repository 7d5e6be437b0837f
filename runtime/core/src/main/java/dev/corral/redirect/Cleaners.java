package dev.corral.redirect;

import static java.util.Objects.requireNonNull;

import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Cleaners, whose threads are the JDK's and hold the actions that are registered with them: an action leads to the class
 * loader, that to the statics, those to the object whose death the action waits for. So they are taken back at the end.
 */
@Documented(of = "`Cleaner`",
        becomes = "gives up its actions with the worker, not run, as when a JVM ends; a thread factory is not asked")
public final class Cleaners implements Redirect {
    private final Set<Action> waiting = ConcurrentHashMap.newKeySet();

    /** Without an action yet. */
    Cleaners() {}

    private final class Action implements Runnable {
        /** Null once it has run or has been given up; any thread. */
        private volatile @Nullable Runnable action;
        /** Null until it is registered; written by the thread that does that, read by the one that ends the worker. */
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

        void giveUp() {
            action = null;
            Cleaner.Cleanable known = cleanable;
            if (known != null) {
                known.clean();
            }
        }
    }

    /** One of the worker's threads would wait in a loop of the JDK that nothing ends before the cleaner is collected. */
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
