package dev.corral.queue;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * An unbounded queue of many producers and one consumer, which parks while the queue is empty. {@link #offer} may be called
 * by any thread and never blocks; {@link #poll} and {@link #await} belong to the consumer.
 *
 * <p>Why no wake-up is lost: the consumer writes {@code parked}, then looks at the producer index; a producer advances that
 * index, then reads {@code parked}. Both are volatile, so one of the two sees the other: either the consumer does not park,
 * or the producer unparks it.
 */
public final class ParkingQueue<E> {
    private static final int CHUNK = 64;

    private final MpscUnboundedAtomicArrayQueue<E> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    /** The consumer while it parks or is about to. Set by the consumer, cleared by it or by the producer that wakes it. */
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
     * Parks until an element is there or so many nanoseconds have passed; may return early. An interrupt ends it as well and
     * stays set.
     */
    public void await(long nanos) {
        parked.set(Thread.currentThread());
        if (queue.isEmpty()) {
            LockSupport.parkNanos(this, nanos);
        }
        parked.set(null);
    }

    /** As {@link #await(long)}, without a limit. */
    public void await() {
        parked.set(Thread.currentThread());
        if (queue.isEmpty()) {
            LockSupport.park(this);
        }
        parked.set(null);
    }

    /** How many elements wait; an estimate. */
    public int size() {
        return queue.size();
    }
}
