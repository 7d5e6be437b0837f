package dev.corral.carrier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One carrier of a {@link Scheduler}: it runs the tasks of virtual threads one after another. It keeps the same
 * {@link CarrierThread} from its start to its end.
 */
public final class Carrier implements Runnable {
    private static final VarHandle POSITION;
    private static final VarHandle PARKED;

    static {
        try {
            var lookup = MethodHandles.lookup();
            POSITION = lookup.findVarHandle(Carrier.class, "position", long.class);
            PARKED = lookup.findVarHandle(Carrier.class, "parked", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Used by the thread of {@link CarrierWatch} only. */
    final Stillness stillness = new Stillness();
    private final Scheduler scheduler;
    private final String name;
    /** The platform thread; null before it has begun. Written once, by that thread. */
    private volatile @Nullable Thread thread;
    /**
     * The number of task boundaries so far, so it is odd inside a task. Written by the carrier's thread, read by the
     * watch.
     */
    @SuppressWarnings("unused") // accessed through POSITION
    private long position;
    /**
     * True while the thread parks or is about to. Set by the carrier's thread; cleared by it or by the thread that
     * wakes it.
     */
    @SuppressWarnings("unused") // accessed through PARKED
    private volatile boolean parked;
    /** Whether the carrier leaves after its current task. Set once, by the watch or at the end of the worker. */
    private volatile boolean retired;
    /**
     * Whether the thread ends after this carrier. Set once, at the end of the worker, by the thread that has waited for
     * it in vain.
     */
    private volatile boolean abandoned;

    /** Reads the usage of one thread. A class, not a lambda, because that starts faster. */
    private record Reading(Thread thread) implements Supplier<@Nullable ThreadUsage> {
        @Override
        public @Nullable ThreadUsage get() {
            return ThreadUsage.of(thread);
        }
    }

    Carrier(Scheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Returns the name of the carrier, which its thread has as long as it runs the carrier. */
    String name() {
        return name;
    }

    /** Returns the platform thread of this carrier; null if it has not begun. */
    public @Nullable Thread thread() {
        return thread;
    }

    @Override
    public void run() {
        Thread current = Thread.currentThread();
        thread = current;
        CarrierAccounts.Account account = scheduler.accounts().open(new Reading(current));
        while (!retired) {
            Runnable task = scheduler.poll();
            if (task == null) {
                park();
                continue;
            }
            long start = position();
            setPositionRelease(start + 1);
            try {
                task.run();
            } catch (Throwable e) {
                scheduler.taskFailed(e);
            }
            scheduler.hasRun(task);
            setPositionRelease(start + 2);
        }
        scheduler.accounts().close(account); // before left(): a thread that waits for it finds the account settled
        scheduler.left(this);
    }

    private void park() {
        parked = true;
        if (scheduler.isEmpty() && !retired) {
            LockSupport.park(scheduler);
            Thread.interrupted(); // an interrupt of a task must not make this loop spin
        }
        parked = false;
    }

    /** Wakes the thread if it is parked; true if this call did so. */
    boolean wake() {
        if (parked && PARKED.compareAndSet(this, true, false)) {
            LockSupport.unpark(thread);
            return true;
        }
        return false;
    }

    void retire() {
        retired = true;
        LockSupport.unpark(thread);
    }

    /** Marks the thread of this carrier as not reusable. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /**
     * Returns the number of task boundaries so far: odd inside a task. Any thread may call this; the value may be a
     * moment old.
     */
    public long position() {
        return (long) POSITION.getOpaque(this);
    }

    private void setPositionRelease(long value) {
        POSITION.setRelease(this, value);
    }
}
