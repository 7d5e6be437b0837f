package dev.corral.queue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of many producers and one consumer. The consumer parks while the queue is empty, and producers park
 * while it is full. The queue can be closed. Each element is then either taken by the consumer, or returned by
 * {@link #close}, or refused to its producer.
 *
 * <p><b>Closing.</b> The JCTools queue below cannot be closed, but it refuses all elements while it is full. So
 * {@link #close} first stops the consumer for good: both threads write a flag and then read the other thread's flag,
 * and the consumer raises {@code polling} for the time of one {@code poll} only. Then {@code close} fills the free
 * places. Because nothing is polled any more, the queue stays full. Its contents are final as soon as every place that
 * a producer has claimed is written.
 *
 * <p><b>Parking.</b> No wake-up is lost, as in {@link ParkingQueue}. A producer that finds no room pushes itself on the
 * stack of waiting producers, and then tries again. The consumer polls, and then checks the stack, with a volatile
 * write between. All producers are woken together when half of the queue is free, so that a fast producer and a slow
 * consumer do not switch threads for each element. A producer that still finds no room waits again. Where spinning has
 * succeeded lately, a producer spins before it parks: an equally fast consumer would have emptied the queue before the
 * producer wakes up, and the producer would then have to wake the consumer.
 */
public final class BoundedQueue<E> {
    /** Fills the free places of a closed queue. */
    private static final Object FILLER = new Object();
    /** The pause of a producer between two checks. Each check takes a cache line away from the consumer. */
    private static final int PAUSE_NANOS = 5_000;

    private final MpscAtomicArrayQueue<Object> queue;
    private final int half;
    /**
     * The consumer while it parks or is about to. Set by the consumer, cleared by it or by the producer that wakes it.
     */
    private final AtomicReference<@Nullable Thread> parked = new AtomicReference<>();
    /** A stack of waiting producers, the last one first. Each pushes itself; all are removed together. */
    private final AtomicReference<@Nullable Waiting> waiting = new AtomicReference<>();
    /** Shared by all producers. Each spins before it pushes itself on the stack. */
    private final AdaptiveSpin spin = new AdaptiveSpin(PAUSE_NANOS);
    private final BooleanSupplier hasRoom = this::hasRoom;
    private final ConsumerFlag polling = new ConsumerFlag();
    private volatile boolean closed;

    /** The outcome of a {@link #put}. */
    public enum Outcome {
        /** The element is in the queue. */
        TAKEN,
        /** The queue was closed before there was room. */
        CLOSED,
        /** There was no room in time. */
        TIMED_OUT
    }

    /** An entry of the stack of waiting producers. */
    private static final class Waiting {
        final @Nullable Waiting next;
        /** The producer; null when it has stopped waiting. Written by the producer itself. */
        volatile @Nullable Thread thread = Thread.currentThread();
        /** Whether the entry was removed from the stack. Written by the thread that removes it. */
        volatile boolean taken;

        Waiting(@Nullable Waiting next) {
            this.next = next;
        }
    }

    /**
     * Creates an empty queue.
     *
     * @param capacity 2 and up, a power of two
     */
    public BoundedQueue(int capacity) {
        queue = new MpscAtomicArrayQueue<>(capacity);
        half = capacity / 2;
    }

    /**
     * Adds the element and wakes the consumer if it is parked; false if the queue is full or closed. Any thread may
     * call this; it never waits.
     */
    public boolean offer(E element) {
        if (closed || !queue.offer(element)) {
            return false;
        }
        wake();
        return true;
    }

    /**
     * Adds the element, and waits for room without a time limit. Any thread may call this.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; the element is not in the queue then
     */
    public Outcome put(E element) throws InterruptedException {
        return offer(element) ? Outcome.TAKEN : putWaiting(element, Long.MAX_VALUE);
    }

    /**
     * Adds the element, and waits for room for at most this many nanoseconds. Any thread may call this.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; the element is not in the queue then
     */
    public Outcome put(E element, long nanos) throws InterruptedException {
        return offer(element) ? Outcome.TAKEN : putWaiting(element, nanos);
    }

    private Outcome putWaiting(E element, long nanos) throws InterruptedException {
        long start = System.nanoTime();
        if (spin.await(hasRoom) && offer(element)) {
            return Outcome.TAKEN;
        }
        Waiting self = push();
        try {
            while (true) {
                if (closed) {
                    return Outcome.CLOSED;
                }
                if (offer(element)) {
                    return Outcome.TAKEN;
                }
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return Outcome.TIMED_OUT;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (self.taken) {
                    self = push();
                } else if (nanos == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, left);
                }
            }
        } finally {
            self.thread = null; // the entry stays on the stack, but refers to no thread
        }
    }

    /** Whether at least a quarter of the queue is free, so that spinning was worthwhile, or the queue is closed. */
    private boolean hasRoom() {
        return queue.size() <= half + half / 2 || closed;
    }

    private Waiting push() {
        while (true) {
            Waiting top = waiting.get();
            var self = new Waiting(top);
            if (waiting.compareAndSet(top, self)) {
                return self;
            }
        }
    }

    /**
     * Wakes all waiting producers, so that each tries again. Their entries are removed from the stack, and with them
     * the references to threads that have ended. So this is also called when threads may have ended whose worker must
     * not stay reachable.
     */
    public void wakeProducers() {
        Waiting each = waiting.get() == null ? null : waiting.getAndSet(null);
        for (; each != null; each = each.next) {
            Thread thread = each.thread;
            each.taken = true;
            LockSupport.unpark(thread);
        }
    }

    /** Wakes the consumer if it is parked. Any thread may call this. */
    public void wake() {
        Thread consumer = parked.get();
        if (consumer != null && parked.compareAndSet(consumer, null)) {
            LockSupport.unpark(consumer);
        } // else: not parked, or another thread wakes it
    }

    /** Takes the next element; null if there is none, or the queue is closed. Only the consumer calls this. */
    @SuppressWarnings("unchecked") // nothing else is in a queue that is not closed
    public @Nullable E poll() {
        polling.raise();
        try {
            if (closed) {
                return null;
            }
            if (waiting.get() != null && queue.size() <= half) {
                wakeProducers();
            }
            return (E) queue.poll();
        } finally {
            polling.lower();
        }
    }

    /**
     * Parks until there is an element, {@link #wake} is called or the queue is closed. May return early. An interrupt
     * also ends the wait, and the interrupt status stays set. Only the consumer calls this.
     */
    public void await() {
        await(Long.MAX_VALUE);
    }

    /** Does the same as {@link #await()}, for at most this many nanoseconds. */
    public void await(long nanos) {
        parked.set(Thread.currentThread());
        if (waiting.get() != null) {
            wakeProducers();
        }
        if (queue.isEmpty() && !closed) {
            LockSupport.parkNanos(this, nanos);
        }
        parked.set(null);
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** Returns the number of elements; an estimate, and 0 when closed. */
    public int size() {
        return closed ? 0 : queue.size();
    }

    /**
     * Closes the queue: refuses further elements, and wakes the consumer and all producers. Any thread may call this,
     * once.
     *
     * @return the elements that the consumer has not taken, in order
     */
    @SuppressWarnings("unchecked")
    public List<E> close() {
        closed = true;
        while (polling.isRaised()) { // for nanoseconds, unless the consumer has lost its processor inside poll
            Thread.yield();
        }
        boolean room = true;
        while (room) {
            room = queue.offer(FILLER);
        }
        List<E> left = new ArrayList<>();
        while (!readAll((List<Object>) left)) { // a producer has claimed a place and not written to it yet
            Thread.yield();
        }
        wake();
        wakeProducers();
        return left;
    }

    private boolean readAll(List<Object> left) {
        left.clear();
        int read = 0;
        for (Iterator<?> elements = queue.iterator(); elements.hasNext(); read++) {
            Object element = elements.next();
            if (element != FILLER) {
                left.add(element);
            }
        }
        return read == queue.capacity();
    }
}
