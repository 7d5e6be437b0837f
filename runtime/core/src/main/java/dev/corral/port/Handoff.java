package dev.corral.port;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that can be closed. Elements that were not polled before the close are given back. Any thread may
 * call any method. No method blocks.
 *
 * <p>No element is lost and none is taken twice. {@code offer} adds an element and then reads {@code closed}.
 * {@code close} writes {@code closed} and then polls all elements. Both are volatile, so at least one of the two
 * threads sees the write of the other. An element that is added too late is given back by the thread that added it,
 * unless the closing thread does so.
 */
final class Handoff<E> {
    private final MpmcAtomicArrayQueue<E> queue;
    private final Consumer<E> giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Creates an empty queue.
     *
     * @param capacity the number of elements that fit in
     * @param giveBack takes the elements that were not polled, on the thread that closes or that offered too late
     */
    Handoff(int capacity, Consumer<E> giveBack) {
        this.queue = new MpmcAtomicArrayQueue<>(capacity);
        this.giveBack = giveBack;
    }

    /**
     * Adds the element; false if there is no room or the queue is closed. If true, the element will be polled or given
     * back.
     */
    boolean offer(E element) {
        if (closed.get() || !queue.offer(element)) {
            return false;
        }
        if (closed.get()) {
            giveBackAll();
        }
        return true;
    }

    /** Takes the oldest element; null if there is none. */
    @Nullable
    E poll() {
        return queue.poll();
    }

    /** Returns the oldest element without taking it; null if there is none. */
    @Nullable
    E peek() {
        return queue.peek();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Closes the queue; true for the first call only. */
    boolean close() {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        giveBackAll();
        return true;
    }

    private void giveBackAll() {
        for (E next = queue.poll(); next != null; next = queue.poll()) {
            giveBack.accept(next);
        }
    }
}
