package dev.corral.redirect;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pool that its worker knows, so that it can be ended: of the thread that runs what is scheduled in it, which may be its
 * only one, nothing leads back to the pool. Woven code of a worker makes and extends this class in place of
 * {@link ForkJoinPool}.
 */
@SuppressWarnings("this-escape") // into a set of what is to be ended
public class TrackedPool extends ForkJoinPool {
    /** As {@link ForkJoinPool#ForkJoinPool()}, for the processors of the worker. */
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

    /** As the constructor of {@link ForkJoinPool} with all that there is to be said. */
    public TrackedPool(int parallelism, ForkJoinWorkerThreadFactory factory,
            @Nullable UncaughtExceptionHandler handler, boolean asyncMode, int corePoolSize, int maximumPoolSize,
            int minimumRunnable, @Nullable Predicate<? super ForkJoinPool> saturate, long keepAliveTime,
            TimeUnit unit) {
        super(parallelism, factory, handler, asyncMode, corePoolSize, maximumPoolSize, minimumRunnable, saturate,
                keepAliveTime, unit);
        track();
    }

    private static int processors() {
        Processors own = JvmWide.ofCurrentThread(Processors.class);
        Runtime runtime = Runtime.getRuntime();
        return own == null ? runtime.availableProcessors() : own.availableProcessors(runtime);
    }

    private void track() {
        CommonPool pools = JvmWide.ofCurrentThread(CommonPool.class);
        if (pools != null) {
            pools.made(this);
        }
    }
}
