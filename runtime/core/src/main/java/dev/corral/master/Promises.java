package dev.corral.master;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The futures that the API has returned and that are not complete. The master completes them. Those that are left when
 * it ends are abandoned: each is completed in the way that its creator has chosen.
 *
 * <p>Thread-safe. {@link #make} adds a future before it reads {@code closed}, and {@link #close} writes {@code closed}
 * before it reads the futures. So at least one of the two abandons a future that is created during the close.
 */
final class Promises {
    /** What abandons each future, by the number of the future. */
    private final Map<Long, Runnable> open = new ConcurrentHashMap<>();
    private final AtomicLong created = new AtomicLong();
    /** Written by the thread that closes the cluster. */
    private volatile boolean closed;

    /** Creates a future that {@code abandon} completes if the cluster ends first. */
    <T> CompletableFuture<T> make(Consumer<CompletableFuture<T>> abandon) {
        var future = new CompletableFuture<T>();
        long number = created.incrementAndGet();
        open.put(number, () -> abandon.accept(future));
        var _ = future.whenComplete((_, _) -> open.remove(number));
        if (closed) {
            abandon.accept(future);
        }
        return future;
    }

    /** Abandons the futures that are not complete, and those that are created later. */
    void close() {
        closed = true;
        open.values().forEach(Runnable::run);
    }
}
