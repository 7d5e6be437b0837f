package dev.corral.redirect.thread;

import static java.util.Objects.requireNonNull;

import dev.corral.redirect.Documented;
import dev.corral.redirect.MadeWith;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.Substitutes;
import dev.corral.redirect.environment.SystemProperties;
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
 * The common pool, and the futures that run their asynchronous work in it by default: a {@link WorkerPool}, created at
 * its first use, and {@linkplain WorkerFuture futures} that know it. Work that the JDK itself submits to the common
 * pool, as parallel streams do, runs in the JVM's pool.
 */
@Documented(of = "`ForkJoinPool.commonPool`, `CompletableFuture`",
        becomes = "its own common pool, with one thread for each of its processors. Asynchronous stages, timeouts and delays run there")
@Substitutes(type = CompletableFuture.class, by = WorkerFuture.class)
@Substitutes(type = ForkJoinPool.class, by = TrackedPool.class)
public final class CommonPool implements Redirect {
    private static final String PARALLELISM = "java.util.concurrent.ForkJoinPool.common.parallelism";
    private static final int MAX_PARALLELISM = 0x7fff;

    private final ThreadGroup group;
    private final ClassLoader loader;
    private final int processors;
    private final SystemProperties properties;
    private final ReentrantLock making = new ReentrantLock();
    /** Created under the lock. */
    private volatile @Nullable WorkerPool pool;
    /** Pools that the program has created; weak. Guarded by its monitor. */
    private final Set<ForkJoinPool> made = Collections.newSetFromMap(new WeakHashMap<>());

    /**
     * The redirect of one worker, without a pool yet.
     *
     * @param group the thread group of the pool's threads
     * @param loader their context class loader
     * @param processors the number of threads, unless a property sets it
     * @param properties the worker's system properties
     */
    public CommonPool(ThreadGroup group, ClassLoader loader, int processors, SystemProperties properties) {
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

    /** Records a pool that the program has created. */
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

    /** Called for references to the constructor. */
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

    /** A future of the worker that completes as a future of the JDK does. */
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

    /** Ends the common pool and all other pools that the program has created. */
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

    /** Makes the common pool refuse further tasks. Its threads have ended by now. */
    @Override
    public void close() {
        WorkerPool common = pool;
        if (common != null) {
            common.end();
        }
    }
}
