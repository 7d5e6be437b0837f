package dev.corral.carrier;

import static java.util.Objects.requireNonNull;

import dev.corral.thread.ServiceThreads;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that runs one carrier after another, for any scheduler that needs one. It is reused because
 * starting a thread is the slowest step in creating a worker. It ends when it has had no carrier for {@link #KEPT}.
 */
final class CarrierThread extends Thread {
    static final Duration KEPT = Duration.ofSeconds(10);

    /** Changed by tests only. */
    private static volatile long keptNanos = KEPT.toNanos();

    private static final String IDLE_NAME = "corral-carrier-idle";
    private static final long HANDING_OVER_NANOS = 10_000;
    /**
     * Threads without a carrier. The last one that came is used first. The thread that removes an entry gives it a
     * carrier.
     */
    private static final Deque<CarrierThread> IDLE = new ConcurrentLinkedDeque<>();

    /** Set by the thread that starts this one or removes it from {@code IDLE}; cleared by this thread. */
    private volatile @Nullable Carrier carrier;

    private CarrierThread(Carrier carrier) {
        super(ServiceThreads.rootGroup(), null, carrier.name(), 0, false);
        this.carrier = carrier;
        setDaemon(true);
        setPriority(NORM_PRIORITY);
        setUncaughtExceptionHandler(ServiceThreads::uncaught);
    }

    /** Runs the carrier on an idle thread, or on a new one. */
    static void start(Carrier carrier) {
        CarrierThread idle = IDLE.pollFirst();
        if (idle == null) {
            new CarrierThread(carrier).start();
        } else {
            idle.carrier = carrier;
            LockSupport.unpark(idle);
        }
    }

    /** Returns the scheduler that this platform thread runs a carrier of; null if it runs no carrier now. */
    static @Nullable Scheduler schedulerOf(Thread platformThread) {
        Carrier now = platformThread instanceof CarrierThread thread ? thread.carrier : null;
        return now == null ? null : now.scheduler();
    }

    @Override
    public void run() {
        while (carry() && awaitNext()) {
            // run the next carrier
        }
    }

    /**
     * Runs the carrier; false if the thread must end. A method of its own, because no frame may refer to the last
     * carrier while the thread waits for the next one.
     */
    private boolean carry() {
        Carrier now = requireNonNull(carrier);
        setName(now.name());
        now.run();
        carrier = null;
        setName(IDLE_NAME);
        return !now.isAbandoned(); // an abandoned thread was reported, so its end must be visible
    }

    /** Waits for the next carrier; false if none comes in time. */
    private boolean awaitNext() {
        long start = System.nanoTime();
        IDLE.addFirst(this);
        while (carrier == null) {
            long left = keptNanos - (System.nanoTime() - start);
            if (left <= 0 && IDLE.remove(this)) {
                return false;
            } // else: another thread has just removed it, and is about to give it a carrier
            LockSupport.parkNanos(IDLE, Math.max(left, HANDING_OVER_NANOS));
            interrupted(); // an interrupt may have been meant for the last carrier
        }
        return true;
    }
}
