package dev.corral.carrier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** A platform thread that runs the virtual threads of one {@link Scheduler}, one task after another. */
final class Carrier extends Thread {
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
    /** Raised at every boundary of a task, so odd inside one. Written by this thread, read by the watch. */
    @SuppressWarnings("unused") // through POSITION
    private long position;
    /** True while this thread parks or is about to. Set by this thread, cleared by it or by whoever wakes it. */
    @SuppressWarnings("unused") // through PARKED
    private volatile boolean parked;
    /** Set once by the watch, or at the end: leave when the task of now returns. */
    private volatile boolean retired;

    Carrier(Scheduler scheduler, ThreadGroup group, String name) {
        super(group, null, name, 0, false);
        this.scheduler = scheduler;
        setDaemon(true);
        setPriority(NORM_PRIORITY);
    }

    @Override
    public void run() {
        while (!retired) {
            Runnable task = scheduler.poll();
            if (task == null) {
                park();
                continue;
            }
            long start = positionOpaque();
            setPositionRelease(start + 1);
            try {
                task.run();
            } catch (Throwable e) {
                scheduler.taskFailed(e);
            }
            setPositionRelease(start + 2);
        }
        scheduler.left(this);
    }

    private void park() {
        parked = true;
        if (scheduler.isEmpty() && !retired) {
            LockSupport.park(scheduler);
            interrupted(); // an interrupt meant for a task must not turn this loop into a spin
        }
        parked = false;
    }

    /** Wakes it if it is parked; true if this call did. */
    boolean wake() {
        if (parked && PARKED.compareAndSet(this, true, false)) {
            LockSupport.unpark(this);
            return true;
        }
        return false;
    }

    void retire() {
        retired = true;
        LockSupport.unpark(this);
    }

    long positionOpaque() {
        return (long) POSITION.getOpaque(this);
    }

    private void setPositionRelease(long value) {
        POSITION.setRelease(this, value);
    }
}
