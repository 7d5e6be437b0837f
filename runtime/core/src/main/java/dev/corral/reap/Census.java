package dev.corral.reap;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sample that several threads share. If many threads need one at the same time, as when a thousand workers end at
 * once, each of them gets a sample that began after its call. No sample is kept when no thread waits for it.
 * Thread-safe.
 */
final class Census<T> {
    private final Supplier<T> source;
    private final ReentrantLock lock = new ReentrantLock();
    /** The number of samples that have begun. Incremented with the lock held. */
    private final AtomicLong begun = new AtomicLong();
    /** The last sample, while a thread waits that may use it. Guarded by the lock. */
    private @Nullable T last;

    Census(Supplier<T> source) {
        this.source = source;
    }

    /** Returns a sample that began after this call did. Blocks while another thread takes one. */
    T take() {
        long before = begun.get();
        lock.lock();
        try {
            T taken = last;
            if (taken == null || begun.get() == before) {
                begun.incrementAndGet();
                taken = source.get();
            }
            last = lock.hasQueuedThreads() ? taken : null;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
