package dev.corral.port;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A set of threads that wait until there is something to take. Any thread may call any method.
 *
 * <p>No wake-up is lost. A waiter enters itself and then checks whether an element is there. A producer adds its
 * element, and then removes the entry of one waiter and wakes that thread. So at least one of the two sees the other. A
 * waiter that leaves with its entry already removed has consumed a wake-up that was meant for another element, so it
 * wakes the next waiter.
 *
 * <p>This is not a {@code Semaphore}, for the following reason. A thread may wait here as long as its worker lives, in
 * methods that all workers have in common. The JIT compiles the methods of {@code AbstractQueuedSynchronizer} and
 * inlines the subclasses that it has seen there, including classes of programs (such as Tomcat's {@code LimitLatch}).
 * While a thread is inside the compiled code, that code keeps these classes reachable, and with them the class loader
 * of a worker that ended long ago.
 */
final class Waiters {
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    /**
     * Waits until there is something to take.
     *
     * @param poll takes an element; null if there is none
     * @param over whether nothing will come any more
     * @param nanos the longest wait; 0 for no limit
     * @return null if {@code over} holds or the time is up
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    <T> @Nullable T await(Supplier<@Nullable T> poll, BooleanSupplier over, long nanos) throws InterruptedException {
        long start = nanos == 0 ? 0 : System.nanoTime();
        Thread thread = Thread.currentThread();
        try {
            while (true) {
                threads.add(thread);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                T taken = poll.get();
                if (taken != null || over.getAsBoolean()) {
                    return taken;
                }
                if (nanos == 0) {
                    LockSupport.park(this);
                } else {
                    long left = nanos - (System.nanoTime() - start);
                    if (left <= 0) {
                        return null;
                    }
                    LockSupport.parkNanos(this, left);
                }
                threads.remove(thread);
            }
        } finally {
            if (!threads.remove(thread)) {
                wakeOne();
            }
        }
    }

    /** Wakes one waiter. Called after an element was added. */
    void wakeOne() {
        LockSupport.unpark(threads.poll());
    }

    /** Wakes all waiters. Called after {@code over} has become true. */
    void wakeAll() {
        for (Thread next = threads.poll(); next != null; next = threads.poll()) {
            LockSupport.unpark(next);
        }
    }
}
