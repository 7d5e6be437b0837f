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
 * Threads of Corral itself, which belong to no worker: daemons in the JVM's root group that inherit nothing.
 *
 * <p>Those that run a loop are {@link ServiceThread}s. They look after each other: each that turns often calls {@link #lookAfterAll}.
 * Tasks run in pools. A task that throws ends the thread of the pool that runs it, and is logged and counted; the pool starts another
 * thread for the next task.
 */
public final class ServiceThreads {
    private static final ThreadGroup ROOT = rootOf(Thread.currentThread().getThreadGroup());

    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Set<ServiceThread> LOOPS = ConcurrentHashMap.newKeySet();
    private static final Map<String, AtomicLong> POOLS = new ConcurrentHashMap<>();
    /** When to look after them next. Whoever sets it does. */
    private static final AtomicLong NEXT_LOOK = new AtomicLong(System.nanoTime());
    /** Tasks that wait for a thread of a pool. Polled by whoever looks after the threads. */
    private static final Queue<Postponed> POSTPONED = new ConcurrentLinkedQueue<>();

    private record Postponed(Executor pool, Runnable task) {}

    private ServiceThreads() {}

    static void add(ServiceThread loop) {
        LOOPS.add(loop);
    }

    static void remove(ServiceThread loop) {
        LOOPS.remove(loop);
    }

    /** Starts those again that have ended, and reports those that make no progress; at most once a second. Any thread; does not throw. */
    public static void lookAfterAll() {
        long now = System.nanoTime();
        long due = NEXT_LOOK.get();
        if (now - due >= 0 && NEXT_LOOK.compareAndSet(due, now + LOOK_NANOS)) {
            LOOPS.forEach(ServiceThread::lookAfter);
            executePostponed();
        }
    }

    /**
     * Has a pool run the task. If there is no thread for it, this is tried again each second.
     *
     * @throws OutOfMemoryError if there is no memory to remember the task
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
                return; // the others of this pool would find no thread either
            }
            POSTPONED.remove(next);
        }
    }

    private static boolean execute(Postponed postponed) {
        try {
            postponed.pool.execute(postponed.task);
            return true;
        } catch (RuntimeException | Error e) { // no thread to be had
            Log.get().failed("a task waits for a thread", e);
            return false;
        }
    }

    /** Those of this cluster, and those that serve the whole JVM, by name. */
    public static List<ClusterStats.ServiceThread> statsOf(String cluster) {
        lookAfterAll();
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

    /** Counts a thread that had to be replaced, of the kind with this name. */
    public static void countRestart(String name) {
        restartsOf(name).incrementAndGet();
    }

    private static AtomicLong restartsOf(String name) {
        return POOLS.computeIfAbsent(name, _ -> new AtomicLong());
    }

    /** Takes the place of the JVM's handler, which may have to wait for the reader of the standard error. */
    public static void uncaught(Thread thread, Throwable thrown) {
        Log.get().failed("uncaught exception in thread ", thread.getName(), thrown);
    }

    /** For tests: whether the thread of this name runs a loop, and is no pool. */
    static boolean isLoop(String name) {
        return LOOPS.stream().anyMatch(each -> each.name().equals(name));
    }

    /** For tests: ends the thread of this name when its next turn begins. */
    static boolean endWith(String name, Error made) {
        for (ServiceThread loop : LOOPS) {
            if (loop.name().equals(name)) {
                loop.endWith(made);
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

    /** The JVM's root group. */
    public static ThreadGroup rootGroup() {
        return ROOT;
    }

    /** As many such threads as there are tasks; one without a task ends after a minute. */
    public static ExecutorService pool(String prefix) {
        return Executors.newCachedThreadPool(ofPool(prefix).name(prefix, 0).factory());
    }

    /** One such thread for all tasks, which come one after the other; it ends when it has had none for a minute. */
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

    /** A virtual thread of the JVM's own scheduler that inherits nothing, for what may wait long; not started. */
    public static Thread virtual(String name, Runnable task) {
        return Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(task);
    }

    /** A builder of such threads. */
    public static Thread.Builder.OfPlatform builder() {
        return Thread.ofPlatform().daemon().group(ROOT).inheritInheritableThreadLocals(false)
                .uncaughtExceptionHandler(ServiceThreads::uncaught);
    }
}
