package dev.corral.redirect.thread;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future that runs its asynchronous work and its timeouts in the common pool of its worker, as do all futures derived
 * from it. Woven code of a worker creates and extends this class instead of {@link CompletableFuture}.
 *
 * @param <T> type of the result
 */
public class WorkerFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    /** Null if code of no worker created the future; it then behaves like the JDK's. */
    private final @Nullable WorkerPool pool;

    /** A future with the common pool of the worker whose code creates it; null for code of no worker. */
    public WorkerFuture(@Nullable ForkJoinPool pool) {
        this.pool = (WorkerPool) pool;
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new WorkerFuture<>(pool);
    }

    @Override
    public Executor defaultExecutor() {
        return pool == null ? super.defaultExecutor() : pool;
    }

    @Override
    public CompletionStage<T> minimalCompletionStage() {
        return pool == null ? super.minimalCompletionStage() : WorkerStage.of(this, pool);
    }

    @Override
    public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return pool == null ? super.orTimeout(timeout, unit)
                : after(pool, unit.toNanos(timeout), () -> completeExceptionally(new TimeoutException()));
    }

    @Override
    public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        return pool == null ? super.completeOnTimeout(value, timeout, unit)
                : after(pool, unit.toNanos(timeout), () -> complete(value));
    }

    private CompletableFuture<T> after(WorkerPool pool, long nanos, Runnable action) {
        if (!isDone()) {
            Future<?> timer = pool.after(nanos, action);
            var _ = whenComplete((_, _) -> timer.cancel(false));
        }
        return this;
    }
}
