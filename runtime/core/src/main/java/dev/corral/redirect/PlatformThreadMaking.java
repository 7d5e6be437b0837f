package dev.corral.redirect;

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
 * Platform threads: they belong to the worker's thread group, also those that a virtual thread makes or a pool made by one.
 * (The JDK puts these into the one group of all virtual threads, where nothing ties them to the worker.)
 */
@Documented(of = "platform threads, pools, timers", becomes = "are in its thread group, and end with it")
public final class PlatformThreadMaking implements Redirect {
    /** Name of the method that supplies the group for constructors of {@link Thread} that name none. */
    public static final String THREAD_GROUP = "Thread_group";
    private static final Log LOG = Log.get();
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final ThreadGroup group;
    /** Weak; synchronized. */
    private final Set<Timer> timers = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** For the worker of that group. */
    PlatformThreadMaking(ThreadGroup group) {
        this.group = group;
    }

    /** The worker's group for a thread made outside of it; null inside, where the JDK's choice may be a subgroup. */
    @ForWeaver(value = THREAD_GROUP, otherwise = "noGroup")
    @Nullable
    ThreadGroup groupOfNewThread() {
        ThreadGroup current = Thread.currentThread().getThreadGroup();
        return current != null && group.parentOf(current) ? null : group;
    }

    @SuppressWarnings("UnusedMethod") // for code that no worker owns
    private static @Nullable ThreadGroup noGroup() {
        return null;
    }

    void made(Timer timer) {
        timers.add(timer);
    }

    /** Cancels the timers, whose threads may be dead already. */
    @Override
    public void close() {
        List<Timer> all;
        synchronized (timers) {
            all = List.copyOf(timers);
        }
        for (Timer timer : all) {
            try {
                timer.cancel();
            } catch (RuntimeException | Error e) { // a subclass of the program's, whose code runs no more
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
