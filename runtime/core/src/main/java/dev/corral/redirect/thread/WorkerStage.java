package dev.corral.redirect.thread;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A future that offers only the methods of a stage, as the minimal stages of the JDK do. It refuses all others. */
final class WorkerStage<T extends @Nullable Object> extends WorkerFuture<T> {
    private final WorkerPool pool;

    private WorkerStage(WorkerPool pool) {
        super(pool);
        this.pool = pool;
    }

    /** A stage that completes as this future does. */
    static <T extends @Nullable Object> CompletionStage<T> of(CompletableFuture<T> future, WorkerPool pool) {
        return completed(null, pool).thenCompose(_ -> future);
    }

    /** A stage that has completed with this value. */
    static <T extends @Nullable Object> CompletionStage<T> completed(T value, WorkerPool pool) {
        var stage = new WorkerStage<T>(pool);
        stage.end(value, null);
        return stage;
    }

    /** A stage that has failed with this exception. */
    static <T extends @Nullable Object> CompletionStage<T> failed(Throwable thrown, WorkerPool pool) {
        var stage = new WorkerStage<T>(pool);
        stage.end(null, thrown);
        return stage;
    }

    private void end(@Nullable T value, @Nullable Throwable thrown) {
        if (thrown == null) {
            super.complete(value);
        } else {
            super.completeExceptionally(thrown);
        }
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new WorkerStage<>(pool);
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        var future = new WorkerFuture<T>(pool);
        var _ = whenComplete((value, thrown) -> {
            if (thrown == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(
                        thrown instanceof CompletionException ? thrown : new CompletionException(thrown));
            }
        });
        return future;
    }

    private static UnsupportedOperationException refusal() {
        return new UnsupportedOperationException();
    }

    @Override
    public T get() {
        throw refusal();
    }

    @Override
    public T get(long timeout, TimeUnit unit) {
        throw refusal();
    }

    @Override
    public T getNow(T valueIfAbsent) {
        throw refusal();
    }

    @Override
    public T join() {
        throw refusal();
    }

    @Override
    public T resultNow() {
        throw refusal();
    }

    @Override
    public Throwable exceptionNow() {
        throw refusal();
    }

    @Override
    public boolean complete(T value) {
        throw refusal();
    }

    @Override
    public boolean completeExceptionally(Throwable thrown) {
        throw refusal();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        throw refusal();
    }

    @Override
    public void obtrudeValue(T value) {
        throw refusal();
    }

    @Override
    public void obtrudeException(Throwable thrown) {
        throw refusal();
    }

    @Override
    public boolean isDone() {
        throw refusal();
    }

    @Override
    public boolean isCancelled() {
        throw refusal();
    }

    @Override
    public boolean isCompletedExceptionally() {
        throw refusal();
    }

    @Override
    public State state() {
        throw refusal();
    }

    @Override
    public int getNumberOfDependents() {
        throw refusal();
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        throw refusal();
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
        throw refusal();
    }

    @Override
    public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        throw refusal();
    }

    @Override
    public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        throw refusal();
    }
}
