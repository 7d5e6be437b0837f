package dev.corral.isolate;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which threads of an isolate load or define classes of its program, or have since somebody looked last. That is progress, and nothing
 * else may show it: the classes come from memory, and a large one takes longer than a short heartbeat.
 */
final class ClassLoads {
    /** Of a class that is needed for one that the thread is at already. */
    private static final Load NESTED = () -> {};

    /** Those that are at it. */
    private final Set<Thread> loading = ConcurrentHashMap.newKeySet();
    /** Those that have been. Replaced at each look; null before the first one, so that nothing is kept where nobody looks. */
    private volatile @Nullable Set<Thread> loaded;

    /** The current thread begins to load one, until that is closed by it. */
    Load begin() {
        return loading.add(Thread.currentThread()) ? this::end : NESTED;
    }

    private void end() {
        loading.remove(Thread.currentThread());
        Set<Thread> now = loaded;
        if (now != null) {
            now.add(Thread.currentThread());
        }
    }

    /** Those that load now, or have since the call before. By one thread. */
    Set<Thread> take() {
        Set<Thread> before = loaded;
        loaded = ConcurrentHashMap.newKeySet();
        Set<Thread> all = new HashSet<>(loading);
        if (before != null) {
            all.addAll(before);
        }
        return all;
    }

    /** One class that is being loaded. */
    interface Load extends AutoCloseable {
        @Override
        void close();
    }
}
