package dev.corral.redirect;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has for a common pool. Its threads are daemons of the worker's group; as with the JVM's, the program cannot
 * shut it down. It ends by {@link #end}.
 */
public final class WorkerPool extends ForkJoinPool {
    private static final String NAME = "ForkJoinPool.commonPool-";

    private final ThreadGroup group;
    private final ClassLoader loader;
    private final ReentrantLock lock = new ReentrantLock();
    /** Made with the first timeout or delay. Guarded by the lock for writing. */
    private volatile @Nullable ScheduledThreadPoolExecutor timer;

    /** Starts no thread yet. */
    WorkerPool(ThreadGroup group, ClassLoader loader, int parallelism) {
        super(parallelism, pool -> new Worker(group, loader, pool), null, false);
        this.group = group;
        this.loader = loader;
    }

    /** Also of a pool's thread that a thread of the JVM causes to start. */
    private static final class Worker extends ForkJoinWorkerThread {
        Worker(ThreadGroup group, ClassLoader loader, ForkJoinPool pool) {
            super(group, pool, false);
            setContextClassLoader(loader);
            setName(NAME + getName().substring(getName().lastIndexOf('-') + 1).transform("worker-"::concat));
        }
    }

    /**
     * Runs an action when so much time has passed, on the one thread that does so: it must not wait for one of the pool, where
     * all may wait for what has a timeout.
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

    /** No effect, as in the JVM's. */
    @Override
    public void shutdown() {}

    /** No effect, as in the JVM's. */
    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    /** No effect, as in the JVM's. */
    @Override
    public void close() {}

    /** Waits until it is idle and says false, as the JVM's. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        var _ = awaitQuiescence(timeout, unit);
        return false;
    }

    /** Ends its threads; nothing runs in it any more. */
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
