package dev.corral.queue;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * An unbounded queue of many producers and one consumer, which parks while the queue is empty. Any thread may call
 * {@link #offer}, which never blocks. Only the consumer calls {@link #poll} and {@link #await}.
 *
 * <p>No wake-up is lost. The consumer writes {@code parked} and then reads the producer index. A producer advances that
 * index and then reads {@code parked}. Both are volatile, so at least one of the two threads sees the write of the
 * other: either the consumer does not park, or the producer unparks it.
 */
public final class ParkingQueue<E> {
    private static final int CHUNK = 64;

    private final MpscUnboundedAtomicArrayQueue<E> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    /**
     * The consumer while it parks or is about to. Set by the consumer, cleared by it or by the producer that wakes it.
     */
    private final AtomicReference<@Nullable Thread> parked = new AtomicReference<>();

    /** Adds the element and wakes the consumer if it is parked. */
    public void offer(E element) {
        queue.offer(element);
        Thread consumer = parked.get();
        if (consumer != null && parked.compareAndSet(consumer, null)) {
            LockSupport.unpark(consumer);
        } // else: not parked, or another producer wakes it
    }

    /** Takes the next element; null if there is none. */
    public @Nullable E poll() {
        return queue.poll();
    }

    /**
     * Parks until there is an element or this many nanoseconds have passed. May return early. An interrupt also ends
     * the wait, and the interrupt status stays set.
     */
    public void await(long nanos) {
        parked.set(Thread.currentThread());
        if (queue.isEmpty()) {
            LockSupport.parkNanos(this, nanos);
        }
        parked.set(null);
    }

    /** Does the same as {@link #await(long)}, without a limit. */
    public void await() {
        parked.set(Thread.currentThread());
        if (queue.isEmpty()) {
            LockSupport.park(this);
        }
        parked.set(null);
    }

    /** Returns the number of elements; an estimate. */
    public int size() {
        return queue.size();
    }
}
