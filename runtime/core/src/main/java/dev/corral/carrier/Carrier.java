package dev.corral.carrier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the virtual threads of one {@link Scheduler}, one task after another, on a {@link CarrierThread} that is its own from
 * start to end.
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

    /** Owned by the watch thread. */
    final Stillness stillness = new Stillness();
    private final Scheduler scheduler;
    private final String name;
    /** Set once, by the thread itself. */
    private volatile @Nullable Thread thread;
    /** Raised at every boundary of a task, so odd inside one. Written by this thread, read by the watch. */
    @SuppressWarnings("unused") // through POSITION
    private long position;
    /** True while this thread parks or is about to. Set by this thread, cleared by it or by whoever wakes it. */
    @SuppressWarnings("unused") // through PARKED
    private volatile boolean parked;
    /** Set once by the watch, or at the end: leave when the task of now returns. */
    private volatile boolean retired;
    /** Set once, at the end, by whoever has waited for it in vain. */
    private volatile boolean abandoned;

    /** Of its thread. A class of its own, for the sake of a quick start. */
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

    /** As its thread is called meanwhile. */
    String name() {
        return name;
    }

    /** The platform thread that it runs on; null if it has not begun. */
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
        scheduler.accounts().close(account); // first: who has waited for it finds its account settled
        scheduler.left(this);
    }

    private void park() {
        parked = true;
        if (scheduler.isEmpty() && !retired) {
            LockSupport.park(scheduler);
            Thread.interrupted(); // an interrupt meant for a task must not turn this loop into a spin
        }
        parked = false;
    }

    /** Wakes it if it is parked; true if this call did. */
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

    /** Its thread is not to be used again. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** Odd inside a task, raised at each boundary of one. Any thread; a moment old. */
    public long position() {
        return (long) POSITION.getOpaque(this);
    }

    private void setPositionRelease(long value) {
        POSITION.setRelease(this, value);
    }
}
