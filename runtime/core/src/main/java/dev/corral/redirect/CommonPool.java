package dev.corral.redirect;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The common pool, and futures, whose asynchronous work is there unless they are told otherwise: a {@link WorkerPool}, made at
 * its first use, and {@linkplain WorkerFuture futures} that know it. What the JDK puts into the common pool by itself, as
 * parallel streams do, stays in the JVM's.
 */
@Documented(of = "`ForkJoinPool.commonPool`, `CompletableFuture`",
        becomes = "a common pool of its own, with a thread for each of its processors; asynchronous stages, timeouts and delays are there")
public final class CommonPool implements Redirect {
    private static final String PARALLELISM = "java.util.concurrent.ForkJoinPool.common.parallelism";
    private static final int MAX_PARALLELISM = 0x7fff;

    private final ThreadGroup group;
    private final ClassLoader loader;
    private final int processors;
    private final SystemProperties properties;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable WorkerPool pool;
    /** Those that the program has made and not dropped. Guarded by its monitor. */
    private final Set<ForkJoinPool> made = Collections.newSetFromMap(new WeakHashMap<>());

    /**
     * Of one worker.
     *
     * @param group of its threads
     * @param loader their context class loader
     * @param processors how many threads, if the properties do not tell
     */
    CommonPool(ThreadGroup group, ClassLoader loader, int processors, SystemProperties properties) {
        this.group = group;
        this.loader = loader;
        this.processors = processors;
        this.properties = properties;
    }

    private WorkerPool pool() {
        WorkerPool made = pool;
        return made != null ? made : make();
    }

    private WorkerPool make() {
        making.lock();
        try {
            WorkerPool made = pool;
            if (made == null) {
                made = new WorkerPool(group, loader, parallelism());
                pool = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    private int parallelism() {
        Integer told = properties.getInteger(PARALLELISM);
        return told == null ? processors : Math.clamp(told, 1, MAX_PARALLELISM);
    }

    void made(ForkJoinPool pool) {
        synchronized (made) {
            made.add(pool);
        }
    }

    @Replaces(type = Executors.class, method = "newWorkStealingPool")
    ExecutorService newWorkStealingPool() {
        return newWorkStealingPool(processors);
    }

    @Replaces(type = Executors.class, method = "newWorkStealingPool")
    ExecutorService newWorkStealingPool(int parallelism) {
        return new TrackedPool(parallelism, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    }

    @MadeWith(CompletableFuture.class)
    @Replaces(type = ForkJoinPool.class, method = "commonPool")
    ForkJoinPool commonPool() {
        return pool();
    }

    @Replaces(type = ForkJoinPool.class, method = "getCommonPoolParallelism")
    int getCommonPoolParallelism() {
        return pool().getParallelism();
    }

    /** For references to the constructor. */
    @Replaces(type = CompletableFuture.class, method = "new")
    <T extends @Nullable Object> CompletableFuture<T> future() {
        return new WorkerFuture<>(pool());
    }

    @Replaces(type = CompletableFuture.class, method = "supplyAsync")
    <T extends @Nullable Object> CompletableFuture<T> supplyAsync(Supplier<T> supplier) {
        return supplyAsync(supplier, pool());
    }

    @Replaces(type = CompletableFuture.class, method = "supplyAsync")
    <T extends @Nullable Object> CompletableFuture<T> supplyAsync(Supplier<T> supplier, Executor executor) {
        return this.<T>future().completeAsync(supplier, executor);
    }

    @Replaces(type = CompletableFuture.class, method = "runAsync")
    CompletableFuture<@Nullable Void> runAsync(Runnable action) {
        return runAsync(action, pool());
    }

    @Replaces(type = CompletableFuture.class, method = "runAsync")
    CompletableFuture<@Nullable Void> runAsync(Runnable action, Executor executor) {
        requireNonNull(action);
        return supplyAsync(() -> {
            action.run();
            return null;
        }, executor);
    }

    @Replaces(type = CompletableFuture.class, method = "completedFuture")
    <T extends @Nullable Object> CompletableFuture<T> completedFuture(T value) {
        CompletableFuture<T> future = future();
        future.complete(value);
        return future;
    }

    @Replaces(type = CompletableFuture.class, method = "failedFuture")
    <T extends @Nullable Object> CompletableFuture<T> failedFuture(Throwable thrown) {
        CompletableFuture<T> future = future();
        future.completeExceptionally(thrown);
        return future;
    }

    @Replaces(type = CompletableFuture.class, method = "completedStage")
    <T extends @Nullable Object> CompletionStage<T> completedStage(T value) {
        return WorkerStage.completed(value, pool());
    }

    @Replaces(type = CompletableFuture.class, method = "failedStage")
    <T extends @Nullable Object> CompletionStage<T> failedStage(Throwable thrown) {
        return WorkerStage.failed(requireNonNull(thrown), pool());
    }

    @Replaces(type = CompletableFuture.class, method = "allOf")
    CompletableFuture<Void> allOf(CompletableFuture<?>... futures) {
        return own(CompletableFuture.allOf(futures));
    }

    @Replaces(type = CompletableFuture.class, method = "anyOf")
    CompletableFuture<Object> anyOf(CompletableFuture<?>... futures) {
        return own(CompletableFuture.anyOf(futures));
    }

    /** One of the worker that ends as this one does. */
    private <T extends @Nullable Object> CompletableFuture<T> own(CompletableFuture<T> ofJdk) {
        return completedFuture("").thenCompose(_ -> ofJdk);
    }

    @Replaces(type = CompletableFuture.class, method = "delayedExecutor")
    Executor delayedExecutor(long delay, TimeUnit unit) {
        return delayedExecutor(delay, unit, pool());
    }

    @Replaces(type = CompletableFuture.class, method = "delayedExecutor")
    Executor delayedExecutor(long delay, TimeUnit unit, Executor executor) {
        long nanos = unit.toNanos(delay);
        WorkerPool timer = pool();
        requireNonNull(executor);
        return task -> {
            requireNonNull(task);
            var _ = timer.after(nanos, () -> executor.execute(task));
        };
    }

    /** Ends the common pool and all others that the program has made. */
    public void endAll() {
        WorkerPool common = pool;
        if (common != null) {
            common.end();
        }
        List<ForkJoinPool> others;
        synchronized (made) {
            others = List.copyOf(made);
        }
        others.forEach(ForkJoinPool::shutdownNow);
    }

    /** Their threads have ended by now; what is given to them from now on is refused. */
    @Override
    public void close() {
        WorkerPool common = pool;
        if (common != null) {
            common.end();
        }
    }
}
