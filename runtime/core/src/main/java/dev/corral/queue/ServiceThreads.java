package dev.corral.queue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

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

    /** A virtual thread of the JVM's own scheduler that inherits nothing, for what may wait long; not started. */
    public static Thread virtual(String name, Runnable task) {
        return Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(task);
    }

    /** A builder of such threads. */
    public static Thread.Builder.OfPlatform builder() {
        return Thread.ofPlatform().daemon().group(ROOT).inheritInheritableThreadLocals(false);
    }
}
