package dev.corral.thread;

import dev.corral.ClusterStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads of Corral itself, which belong to no worker. They are daemons in the JVM's root group, and inherit
 * nothing from the thread that starts them.
 *
 * <p>A loop runs on a {@link ServiceThread}. Service threads check each other: each one whose turns are short calls
 * {@link #superviseAll}. Tasks run in pools. A task that throws ends its thread; this is logged and counted, and the
 * pool starts another thread for the next task.
 */
public final class ServiceThreads {
    private static final ThreadGroup ROOT = rootOf(Thread.currentThread().getThreadGroup());

    private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Set<ServiceThread> LOOPS = ConcurrentHashMap.newKeySet();
    private static final Map<String, AtomicLong> POOLS = new ConcurrentHashMap<>();
    /** The time of the next check. The thread that advances it runs the check. */
    private static final AtomicLong NEXT_CHECK = new AtomicLong(System.nanoTime());
    /** Tasks that wait for a thread of a pool. Polled by the thread that runs the check. */
    private static final Queue<Postponed> POSTPONED = new ConcurrentLinkedQueue<>();

    private record Postponed(Executor pool, Runnable task) {}

    private ServiceThreads() {}

    static void add(ServiceThread loop) {
        LOOPS.add(loop);
    }

    static void remove(ServiceThread loop) {
        LOOPS.remove(loop);
    }

    /**
     * Restarts loops whose thread has ended, and reports loops that make no progress. Does so at most once per second.
     * Any thread may call this; it does not throw.
     */
    public static void superviseAll() {
        long now = System.nanoTime();
        long due = NEXT_CHECK.get();
        if (now - due >= 0 && NEXT_CHECK.compareAndSet(due, now + CHECK_NANOS)) {
            LOOPS.forEach(ServiceThread::supervise);
            executePostponed();
        }
    }

    /**
     * Makes a pool run the task. If no thread is available, this is tried again each second.
     *
     * @throws OutOfMemoryError if there is no memory to queue the task
     */
    public static void executeSoon(Executor pool, Runnable task) {
        var postponed = new Postponed(pool, task);
        if (!execute(postponed)) {
            POSTPONED.add(postponed);
        }
    }

    private static void executePostponed() {
        for (int left = POSTPONED.size(); left > 0; left--) {
            Postponed next = POSTPONED.peek();
            if (next == null || !execute(next)) {
                return; // the next tasks would find no thread either
            }
            POSTPONED.remove(next);
        }
    }

    private static boolean execute(Postponed postponed) {
        try {
            postponed.pool.execute(postponed.task);
            return true;
        } catch (RuntimeException | Error e) { // no thread is available
            Log.get().failed("a task waits for a thread", e);
            return false;
        }
    }

    /** Returns the figures of the threads that serve this cluster or the whole JVM, by name. */
    public static List<ClusterStats.ServiceThread> statsOf(String cluster) {
        superviseAll();
        List<ClusterStats.ServiceThread> all = new ArrayList<>();
        for (ServiceThread loop : LOOPS) {
            if (loop.isFor(cluster)) {
                all.add(loop.stats());
            }
        }
        POOLS.forEach((name, restarts) -> all.add(
                new ClusterStats.ServiceThread(name, ClusterStats.ServiceThread.State.RUNNING, restarts.get(), true)));
        all.sort(Comparator.comparing(ClusterStats.ServiceThread::name));
        return all;
    }

    /** Counts the replacement of a thread of the kind with this name. */
    public static void countRestart(String name) {
        restartsOf(name).incrementAndGet();
    }

    private static AtomicLong restartsOf(String name) {
        return POOLS.computeIfAbsent(name, _ -> new AtomicLong());
    }

    /**
     * Logs an uncaught exception. Replaces the JVM's handler, which may have to wait for the reader of standard error.
     */
    public static void uncaught(Thread thread, Throwable thrown) {
        Log.get().failed("uncaught exception in thread ", thread.getName(), thrown);
    }

    /** Whether the thread of this name runs a loop, and does not belong to a pool. For tests. */
    static boolean isLoop(String name) {
        return LOOPS.stream().anyMatch(each -> each.name().equals(name));
    }

    /** Ends the thread of this name when its next turn begins. For tests. */
    static boolean endWith(String name, Error error) {
        for (ServiceThread loop : LOOPS) {
            if (loop.name().equals(name)) {
                loop.endWith(error);
                loop.wake();
                return true;
            }
        }
        return false;
    }

    private static ThreadGroup rootOf(ThreadGroup group) {
        ThreadGroup root = group;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root;
    }

    /** Returns the JVM's root group. */
    public static ThreadGroup rootGroup() {
        return ROOT;
    }

    /** Returns a pool without a limit of threads. A thread without a task ends after one minute. */
    public static ExecutorService pool(String prefix) {
        return Executors.newCachedThreadPool(ofPool(prefix).name(prefix, 0).factory());
    }

    /**
     * Returns a pool with one thread, which runs all tasks one after another. The thread ends after one minute without
     * a task.
     */
    public static ExecutorService single(String name) {
        var single = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(),
                ofPool(name).name(name).factory());
        single.allowCoreThreadTimeOut(true);
        return single;
    }

    private static Thread.Builder.OfPlatform ofPool(String prefix) {
        String name = prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) : prefix;
        AtomicLong restarts = restartsOf(name);
        return builder().uncaughtExceptionHandler((thread, thrown) -> {
            restarts.incrementAndGet();
            uncaught(thread, thrown);
        });
    }

    /**
     * Returns a virtual thread of the JVM's own scheduler that inherits nothing, for a task that may wait for long. It
     * is not started.
     */
    public static Thread virtual(String name, Runnable task) {
        return Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(task);
    }

    /** Returns a builder of daemon threads in the root group that inherit nothing. */
    public static Thread.Builder.OfPlatform builder() {
        return Thread.ofPlatform().daemon().group(ROOT).inheritInheritableThreadLocals(false)
                .uncaughtExceptionHandler(ServiceThreads::uncaught);
    }
}
