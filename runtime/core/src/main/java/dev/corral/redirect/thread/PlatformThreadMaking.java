package dev.corral.redirect.thread;

import dev.corral.redirect.Documented;
import dev.corral.redirect.ForWeaver;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.Substitutes;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Platform threads: they belong to the worker's thread group, even if a virtual thread creates them, or a pool that a
 * virtual thread has created. (The JDK puts those into the group of all virtual threads, where nothing connects them
 * with the worker.)
 */
@Documented(of = "platform threads, pools, timers", becomes = "in its thread group; they end with it")
@Substitutes(type = Timer.class, by = TrackedTimer.class)
public final class PlatformThreadMaking implements Redirect {
    /** Name of the gate's method that supplies the group for constructors of {@link Thread} without a group. */
    public static final String THREAD_GROUP = "Thread_group";
    private static final Log LOG = Log.get();
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final ThreadGroup group;
    /** Timers that the program has created; weak. Synchronized. */
    private final Set<Timer> timers = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** The redirect of the worker with this group. */
    public PlatformThreadMaking(ThreadGroup group) {
        this.group = group;
    }

    /**
     * The worker's group if the current thread is outside of it; null inside, where the JDK chooses the current group
     * or a subgroup.
     */
    @ForWeaver(value = THREAD_GROUP, otherwise = "noGroup")
    @Nullable
    ThreadGroup groupOfNewThread() {
        ThreadGroup current = Thread.currentThread().getThreadGroup();
        return current != null && group.parentOf(current) ? null : group;
    }

    @SuppressWarnings("UnusedMethod") // for code that belongs to no worker
    private static @Nullable ThreadGroup noGroup() {
        return null;
    }

    /** Records a timer that the program has created. */
    void made(Timer timer) {
        timers.add(timer);
    }

    /** Cancels the timers. Their threads may be dead already, but the JDK holds a timer until it is cancelled. */
    @Override
    public void close() {
        List<Timer> all;
        synchronized (timers) {
            all = List.copyOf(timers);
        }
        for (Timer timer : all) {
            try {
                timer.cancel();
            } catch (RuntimeException | Error e) { // a class of the program, whose code does not run any more
                LOG.log(Level.DEBUG, "cancelling a timer", e);
            }
        }
    }

    @Replaces(type = Thread.class, method = "ofPlatform")
    Thread.Builder.OfPlatform ofPlatform() {
        ThreadGroup outside = groupOfNewThread();
        return outside == null ? Thread.ofPlatform() : Thread.ofPlatform().group(outside);
    }

    @Replaces(type = Executors.class, method = "defaultThreadFactory")
    ThreadFactory defaultThreadFactory() {
        if (groupOfNewThread() == null) {
            return Executors.defaultThreadFactory();
        }
        String prefix = "pool-w" + POOLS.incrementAndGet() + "-thread-";
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(group, task, prefix + number.incrementAndGet(), 0);
            thread.setDaemon(false);
            thread.setPriority(Thread.NORM_PRIORITY);
            return thread;
        };
    }

    @Replaces(type = Executors.class, method = "newFixedThreadPool")
    ExecutorService newFixedThreadPool(int threads) {
        return Executors.newFixedThreadPool(threads, defaultThreadFactory());
    }

    @Replaces(type = Executors.class, method = "newCachedThreadPool")
    ExecutorService newCachedThreadPool() {
        return Executors.newCachedThreadPool(defaultThreadFactory());
    }

    @Replaces(type = Executors.class, method = "newSingleThreadExecutor")
    ExecutorService newSingleThreadExecutor() {
        return Executors.newSingleThreadExecutor(defaultThreadFactory());
    }

    @Replaces(type = Executors.class, method = "newScheduledThreadPool")
    ScheduledExecutorService newScheduledThreadPool(int threads) {
        return Executors.newScheduledThreadPool(threads, defaultThreadFactory());
    }

    @Replaces(type = Executors.class, method = "newSingleThreadScheduledExecutor")
    ScheduledExecutorService newSingleThreadScheduledExecutor() {
        return Executors.newSingleThreadScheduledExecutor(defaultThreadFactory());
    }
}
