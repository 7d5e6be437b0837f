package dev.corral.carrier;

import static java.util.Objects.requireNonNull;

import dev.corral.thread.ServiceThreads;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that is one carrier after another, for whatever scheduler needs one: starting a thread takes longer than
 * anything else in making a worker. One that has had nothing to carry for {@link #KEPT} ends.
 */
final class CarrierThread extends Thread {
    static final Duration KEPT = Duration.ofSeconds(10);

    /** Changed by tests only. */
    private static volatile long keptNanos = KEPT.toNanos();

    private static final String IDLE_NAME = "corral-carrier-idle";
    private static final long HANDING_OVER_NANOS = 10_000;
    /** Threads without a carrier; the last that came goes first. Whoever takes one out hands it a carrier. */
    private static final Deque<CarrierThread> IDLE = new ConcurrentLinkedDeque<>();

    /** Set by whoever starts this thread or takes it out of {@code IDLE}; cleared by this thread. */
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

    /** What this thread carries for; null if it is no carrier now. */
    static @Nullable Scheduler schedulerOf(Thread platformThread) {
        Carrier now = platformThread instanceof CarrierThread thread ? thread.carrier : null;
        return now == null ? null : now.scheduler();
    }

    @Override
    public void run() {
        while (carry() && awaitNext()) {
            // with the next one
        }
    }

    /** A method of its own: no frame that waits for the next carrier may hold this one. False if the thread is to end. */
    private boolean carry() {
        Carrier now = requireNonNull(carrier);
        setName(now.name());
        now.run();
        carrier = null;
        setName(IDLE_NAME);
        return !now.isAbandoned(); // that was reported as a thread that could not be ended, so its end is to be seen
    }

    /** False if none comes. */
    private boolean awaitNext() {
        long start = System.nanoTime();
        IDLE.addFirst(this);
        while (carrier == null) {
            long left = keptNanos - (System.nanoTime() - start);
            if (left <= 0 && IDLE.remove(this)) {
                return false;
            } // else taken out at the last moment: it is about to be given one
            LockSupport.parkNanos(IDLE, Math.max(left, HANDING_OVER_NANOS));
            interrupted(); // it may have been meant for what was carried before
        }
        return true;
    }
}
