package dev.corral.reap;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A look at everything that those share who want one at the same time, as when a thousand workers end at once: each gets one that
 * began after it had asked. Nothing of it is kept when nobody waits for it any more. Thread-safe.
 */
final class Census<T> {
    private final Supplier<T> look;
    private final ReentrantLock lock = new ReentrantLock();
    /** Looks that have begun; raised with the lock held. */
    private final AtomicLong begun = new AtomicLong();
    /** The last one, while somebody waits who may use it. Guarded by the lock. */
    private @Nullable T last;

    Census(Supplier<T> look) {
        this.look = look;
    }

    T take() {
        long before = begun.get();
        lock.lock();
        try {
            T taken = last;
            if (taken == null || begun.get() == before) {
                begun.incrementAndGet();
                taken = look.get();
            }
            last = lock.hasQueuedThreads() ? taken : null;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
