package dev.corral.queue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads of Corral itself, which belong to no worker: daemons in the JVM's root group that inherit nothing. */
public final class ServiceThreads {
    private static final ThreadGroup ROOT = rootOf(Thread.currentThread().getThreadGroup());

    private ServiceThreads() {}

    private static ThreadGroup rootOf(ThreadGroup group) {
        ThreadGroup root = group;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root;
    }

    /** The JVM's root group. */
    public static ThreadGroup rootGroup() {
        return ROOT;
    }

    /** As many such threads as there are tasks; one without a task ends after a minute. */
    public static ExecutorService pool(String prefix) {
        return Executors.newCachedThreadPool(builder().name(prefix, 0).factory());
    }

    /** One such thread for all tasks, which come one after the other; it ends when it has had none for a minute. */
    public static ExecutorService single(String name) {
        var single = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(),
                builder().name(name).factory());
        single.allowCoreThreadTimeOut(true);
        return single;
    }

    /** A virtual thread of the JVM's own scheduler that inherits nothing, for what may wait long; not started. */
    public static Thread virtual(String name, Runnable task) {
        return Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(task);
    }

    /** A builder of such threads. */
    public static Thread.Builder.OfPlatform builder() {
        return Thread.ofPlatform().daemon().group(ROOT).inheritInheritableThreadLocals(false);
    }
}
