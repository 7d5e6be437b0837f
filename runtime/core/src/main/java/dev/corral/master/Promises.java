package dev.corral.master;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Futures that somebody waits for. The master completes them; those that it was asked for too late to do so are abandoned when it ends.
 * Thread-safe: a future is put in before it is looked whether this is closed, and {@code closed} is written before it is looked what is
 * in, so one of both sees the other.
 */
final class Promises {
    /** How each is abandoned, by a number of its own. */
    private final Map<Long, Runnable> open = new ConcurrentHashMap<>();
    private final AtomicLong made = new AtomicLong();
    private volatile boolean closed;

    /** Makes one, to be abandoned in this way. */
    <T> CompletableFuture<T> make(Consumer<CompletableFuture<T>> abandon) {
        var future = new CompletableFuture<T>();
        long number = made.incrementAndGet();
        open.put(number, () -> abandon.accept(future));
        var _ = future.whenComplete((_, _) -> open.remove(number));
        if (closed) {
            abandon.accept(future);
        }
        return future;
    }

    /** Abandons what is open, and what comes. */
    void close() {
        closed = true;
        open.values().forEach(Runnable::run);
    }
}
