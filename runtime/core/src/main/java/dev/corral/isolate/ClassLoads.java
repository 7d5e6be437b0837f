package dev.corral.isolate;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which threads of an isolate have loaded or defined classes of its program since somebody looked last. That is progress, and nothing
 * else may show it: the classes come from memory.
 */
final class ClassLoads {
    /** Replaced at each look; null before the first one, so that nothing is kept where nobody looks. */
    private volatile @Nullable Set<Thread> threads;

    /** The current thread has loaded one. */
    void note() {
        Set<Thread> now = threads;
        if (now != null) {
            now.add(Thread.currentThread());
        }
    }

    /** Those that have since the call before; empty at the first one. By one thread. */
    Set<Thread> take() {
        Set<Thread> before = threads;
        threads = ConcurrentHashMap.newKeySet();
        return before == null ? Set.of() : before;
    }
}
