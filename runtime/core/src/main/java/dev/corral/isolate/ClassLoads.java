package dev.corral.isolate;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which threads of an isolate load or define classes of its program, or have since somebody looked last. That is progress, and nothing
 * else may show it: the classes come from memory, and a large one takes longer than a short heartbeat.
 *
 * <p>To look for a class in vain is no progress, because a program can do so for ever. So a thread that is at a class at the time of the
 * look counts only if it has failed at none since the look before.
 */
final class ClassLoads {
    /** Those that are at it. */
    private final Set<Thread> loading = ConcurrentHashMap.newKeySet();
    /** Replaced at each look; null before the first one, so that nothing is kept where nobody looks. */
    private volatile @Nullable Ended ended;

    /**
     * Loads that have ended since one look.
     *
     * @param well threads that have got a class
     * @param badly threads that have failed at one
     */
    private record Ended(Set<Thread> well, Set<Thread> badly) {
        Ended() {
            this(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }
    }

    /** The current thread begins to load one, until that is closed by it. */
    Load begin() {
        Thread current = Thread.currentThread();
        return new Load(current, loading.add(current));
    }

    /** Those that have loaded one since the call before, or load one now and have failed at none. By one thread. */
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

    /** One class that is being loaded; belongs to its thread. */
    final class Load implements AutoCloseable {
        private final Thread thread;
        /** Whether it is needed for no other one that the thread is at. */
        private final boolean outermost;
        private boolean succeeded;

        private Load(Thread thread, boolean outermost) {
            this.thread = thread;
            this.outermost = outermost;
        }

        /** The class is there. */
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
