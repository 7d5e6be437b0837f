package dev.corral.redirect.thread;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The common pool of one worker. Its threads are daemons of the worker's group. As with the JVM's common pool, the
 * program cannot shut it down; {@link #end} does.
 */
public final class WorkerPool extends ForkJoinPool {
    private static final String NAME = "ForkJoinPool.commonPool-";

    private final ThreadGroup group;
    private final ClassLoader loader;
    private final ReentrantLock lock = new ReentrantLock();
    /** Created at the first timeout or delay. Written under the lock. */
    private volatile @Nullable ScheduledThreadPoolExecutor timer;

    /** A pool without threads yet. */
    WorkerPool(ThreadGroup group, ClassLoader loader, int parallelism) {
        super(parallelism, pool -> new Worker(group, loader, pool), null, false);
        this.group = group;
        this.loader = loader;
    }

    /** A thread of the pool. It belongs to the worker's group even if a thread of the JVM causes its start. */
    private static final class Worker extends ForkJoinWorkerThread {
        Worker(ThreadGroup group, ClassLoader loader, ForkJoinPool pool) {
            super(group, pool, false);
            setContextClassLoader(loader);
            setName(NAME + getName().substring(getName().lastIndexOf('-') + 1).transform("worker-"::concat));
        }
    }

    /**
     * Runs an action after this time. One thread runs all such actions; it is not a thread of the pool, because all of
     * those may be waiting for something that has a timeout.
     */
    Future<?> after(long nanos, Runnable action) {
        ScheduledThreadPoolExecutor made = timer;
        return (made != null ? made : makeTimer()).schedule(action, nanos, TimeUnit.NANOSECONDS);
    }

    private ScheduledThreadPoolExecutor makeTimer() {
        lock.lock();
        try {
            ScheduledThreadPoolExecutor made = timer;
            if (made == null) {
                made = new ScheduledThreadPoolExecutor(1, task -> {
                    var thread = new Thread(group, task, NAME + "delayScheduler", 0, false);
                    thread.setDaemon(true);
                    thread.setContextClassLoader(loader);
                    return thread;
                });
                made.setRemoveOnCancelPolicy(true);
                timer = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Has no effect, as in the JVM's common pool. */
    @Override
    public void shutdown() {}

    /** Has no effect, as in the JVM's common pool. */
    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    /** Has no effect, as in the JVM's common pool. */
    @Override
    public void close() {}

    /** Waits until the pool is idle and returns false, as the JVM's common pool does. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        var _ = awaitQuiescence(timeout, unit);
        return false;
    }

    /** Ends the threads of the pool. It runs no task after this call. */
    public void end() {
        super.shutdownNow();
        lock.lock();
        try {
            if (timer != null) {
                timer.shutdownNow();
            }
        } finally {
            lock.unlock();
        }
    }
}
