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
 * A bounded queue of many producers and one consumer, where the consumer parks while it is empty, and producers while it is full. It
 * can be closed: each element is then either taken by the consumer, or given back by {@link #close}, or refused to its producer.
 *
 * <p><b>Closing.</b> The queue below has no such state, but a queue that is full refuses everybody. So whoever closes first sends the
 * consumer away for good (both write a flag, then read the other's; {@code polling} is held for one {@code poll}), then fills what
 * room is left. As nobody polls any more it stays full, and what lies in it is final as soon as each place that a producer has claimed
 * is written.
 *
 * <p><b>Parking.</b> No wake-up is lost, as in {@link ParkingQueue}: a producer that finds no room puts itself on the stack of those who
 * wait, then looks again; the consumer polls, then looks at the stack, with a volatile write between. Producers are woken all at once
 * when half of the queue is free, so that a fast producer and a slow consumer do not switch for each element. Who was woken in vain
 * waits again. Where that has paid lately, a producer looks again for a while before it parks: a consumer that is as fast would have
 * taken all before the producer is woken, and would then have to be woken itself.
 */
public final class BoundedQueue<E> {
    /** Fills a closed queue. */
    private static final Object FILLER = new Object();
    /** Of a producer between two looks, each of which takes a cache line away from the consumer. */
    private static final int PAUSE_NANOS = 5_000;

    private final MpscAtomicArrayQueue<Object> queue;
    private final int half;
    /** The consumer while it parks or is about to. Set by the consumer, cleared by it or by the producer that wakes it. */
    private final AtomicReference<@Nullable Thread> parked = new AtomicReference<>();
    /** Producers that wait, last first. Each puts itself there; they are taken all at once. */
    private final AtomicReference<@Nullable Waiting> waiting = new AtomicReference<>();
    /** Of all producers, before they put themselves there. */
    private final AdaptiveSpin spin = new AdaptiveSpin(PAUSE_NANOS);
    private final BooleanSupplier hasRoom = this::hasRoom;
    private final ConsumerFlag polling = new ConsumerFlag();
    private volatile boolean closed;

    /** What became of an element. */
    public enum Outcome {
        /** It is in the queue. */
        TAKEN,
        /** The queue was closed before there was room. */
        CLOSED,
        /** There was no room in time. */
        TIMED_OUT
    }

    /** A producer that waits. */
    private static final class Waiting {
        final @Nullable Waiting next;
        /** Null when it waits no more. Written by its own thread. */
        volatile @Nullable Thread thread = Thread.currentThread();
        /** Taken from the stack. Written by whoever takes it. */
        volatile boolean taken;

        Waiting(@Nullable Waiting next) {
            this.next = next;
        }
    }

    /**
     * Empty.
     *
     * @param capacity 2 and up, a power of two
     */
    public BoundedQueue(int capacity) {
        queue = new MpscAtomicArrayQueue<>(capacity);
        half = capacity / 2;
    }

    /** Adds the element and wakes the consumer if it is parked; false if the queue is full or closed. Any thread; never waits. */
    public boolean offer(E element) {
        if (closed || !queue.offer(element)) {
            return false;
        }
        wake();
        return true;
    }

    /** Adds the element, and waits for room as long as need be. Any thread. */
    public Outcome put(E element) throws InterruptedException {
        return offer(element) ? Outcome.TAKEN : putWaiting(element, Long.MAX_VALUE);
    }

    /** Adds the element, and waits for room for at most so many nanoseconds. Any thread. */
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
            self.thread = null; // it stays on the stack, and holds nobody
        }
    }

    /** Whether a quarter of it is free, so that there is something to be gained; or it is closed. */
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
     * Has all producers that wait look again. Those whose thread has gone are forgotten by it: called when threads may have, for
     * what they belong to must not be held here.
     */
    public void wakeProducers() {
        Waiting each = waiting.get() == null ? null : waiting.getAndSet(null);
        for (; each != null; each = each.next) {
            Thread thread = each.thread;
            each.taken = true;
            LockSupport.unpark(thread);
        }
    }

    /** Has the consumer look again, if it is parked. Any thread. */
    public void wake() {
        Thread consumer = parked.get();
        if (consumer != null && parked.compareAndSet(consumer, null)) {
            LockSupport.unpark(consumer);
        } // else: not parked, or somebody else wakes it
    }

    /** Takes the next element; null if there is none, or the queue is closed. The consumer only. */
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
     * Parks until an element is there, {@link #wake} was called or the queue is closed; may return early. An interrupt ends it as well and
     * stays set. The consumer only.
     */
    public void await() {
        await(Long.MAX_VALUE);
    }

    /** As {@link #await()}, for at most this many nanoseconds. */
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

    /** How many elements wait; an estimate, and 0 when closed. */
    public int size() {
        return closed ? 0 : queue.size();
    }

    /**
     * Refuses all that comes from now on, and wakes everybody who waits. Any thread, once.
     *
     * @return what is in it and nobody takes any more, in order
     */
    @SuppressWarnings("unchecked")
    public List<E> close() {
        closed = true;
        while (polling.isRaised()) { // for nanoseconds, or by a thread that lost its processor there
            Thread.yield();
        }
        boolean room = true;
        while (room) {
            room = queue.offer(FILLER);
        }
        List<E> left = new ArrayList<>();
        while (!readAll((List<Object>) left)) { // a producer has claimed its place, and not written to it
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
