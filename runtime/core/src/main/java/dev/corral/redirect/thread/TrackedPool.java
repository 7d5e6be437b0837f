package dev.corral.redirect.thread;

import dev.corral.redirect.CurrentWorker;
import dev.corral.redirect.environment.Processors;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pool that is recorded by its worker, so that it can be ended. The thread that runs delayed tasks may be the only
 * one of a pool, and holds no reference to the pool. Woven code of a worker creates and extends this class instead of
 * {@link ForkJoinPool}.
 */
@SuppressWarnings("this-escape") // into the set of pools to end
public class TrackedPool extends ForkJoinPool {
    /** As {@link ForkJoinPool#ForkJoinPool()}, with the number of processors of the worker. */
    public TrackedPool() {
        super(processors());
        track();
    }

    /** As {@link ForkJoinPool#ForkJoinPool(int)}. */
    public TrackedPool(int parallelism) {
        super(parallelism);
        track();
    }

    /** As {@link ForkJoinPool#ForkJoinPool(int, ForkJoinWorkerThreadFactory, UncaughtExceptionHandler, boolean)}. */
    public TrackedPool(int parallelism, ForkJoinWorkerThreadFactory factory,
            @Nullable UncaughtExceptionHandler handler, boolean asyncMode) {
        super(parallelism, factory, handler, asyncMode);
        track();
    }

    /** As the constructor of {@link ForkJoinPool} with all parameters. */
    public TrackedPool(int parallelism, ForkJoinWorkerThreadFactory factory,
            @Nullable UncaughtExceptionHandler handler, boolean asyncMode, int corePoolSize, int maximumPoolSize,
            int minimumRunnable, @Nullable Predicate<? super ForkJoinPool> saturate, long keepAliveTime,
            TimeUnit unit) {
        super(parallelism, factory, handler, asyncMode, corePoolSize, maximumPoolSize, minimumRunnable, saturate,
                keepAliveTime, unit);
        track();
    }

    private static int processors() {
        Processors own = CurrentWorker.redirect(Processors.class);
        Runtime runtime = Runtime.getRuntime();
        return own == null ? runtime.availableProcessors() : own.availableProcessors(runtime);
    }

    private void track() {
        CommonPool pools = CurrentWorker.redirect(CommonPool.class);
        if (pools != null) {
            pools.made(this);
        }
    }
}
