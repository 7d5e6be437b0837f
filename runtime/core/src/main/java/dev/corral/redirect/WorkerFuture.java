package dev.corral.redirect;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future whose asynchronous work and whose timeouts are in the common pool of its worker, like those of all futures that
 * come from it. Woven code of a worker makes and extends this class in place of {@link CompletableFuture}.
 *
 * @param <T> of its result
 */
public class WorkerFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    /** Null for one that no worker made: it is as the JDK's. */
    private final @Nullable WorkerPool pool;

    /** With the common pool of the worker that makes it; null if none does. */
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
