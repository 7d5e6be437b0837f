package dev.corral.isolate;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Records which threads of an isolate load or define classes of its program, or have done so since the last call of
 * {@link #take}. Loading is progress that the watchdog cannot see otherwise: the classes come from memory, and a large
 * one takes longer than a short heartbeat. Thread-safe.
 *
 * <p>A search for a class that does not exist is no progress, because a program can repeat it for ever. Therefore a
 * thread that is loading a class at the time of the call counts only if no load has failed on it since the previous
 * call.
 */
final class ClassLoads {
    /** The threads that are loading a class. Each thread adds and removes itself. */
    private final Set<Thread> loading = ConcurrentHashMap.newKeySet();
    /**
     * The loads that ended since the last call of {@link #take}; null before the first one, so that nothing is stored
     * where nobody calls it. Written by the thread that calls {@link #take}.
     */
    private volatile @Nullable Ended ended;

    /**
     * The threads whose loads have ended between two calls of {@link ClassLoads#take}.
     *
     * @param well the threads that have got a class
     * @param badly the threads that have failed to get one
     */
    private record Ended(Set<Thread> well, Set<Thread> badly) {
        Ended() {
            this(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }
    }

    /** Records that the current thread begins to load a class, until it closes the result. */
    Load begin() {
        Thread current = Thread.currentThread();
        return new Load(current, loading.add(current));
    }

    /**
     * Returns the threads that have loaded a class since the previous call, and those that are loading one and have
     * failed at none. Only one thread may call it.
     */
    Set<Thread> take() {
        Ended before = ended;
        ended = new Ended();
        Set<Thread> all = new HashSet<>(loading);
        if (before != null) {
            all.removeAll(before.badly);
            all.addAll(before.well);
        }
        return all;
    }

    /** One class that is being loaded. Used only by the thread that loads it. */
    final class Load implements AutoCloseable {
        private final Thread thread;
        /** Whether the thread loads this class for itself and not while it loads another one. */
        private final boolean outermost;
        private boolean succeeded;

        private Load(Thread thread, boolean outermost) {
            this.thread = thread;
            this.outermost = outermost;
        }

        /** Records that the class was loaded. */
        void succeeded() {
            succeeded = true;
        }

        @Override
        public void close() {
            if (outermost) {
                loading.remove(thread);
            }
            Ended now = ended;
            if (now != null) {
                (succeeded ? now.well : now.badly).add(thread);
            }
        }
    }
}
