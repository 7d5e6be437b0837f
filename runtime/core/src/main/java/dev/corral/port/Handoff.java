package dev.corral.port;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that can be closed: what was not polled by then is given back. Any thread may call any method; none blocks.
 *
 * <p>Nothing is lost and nothing is given twice: {@code offer} adds, then looks at {@code closed}; {@code close} sets
 * {@code closed}, then polls what is there. Both are volatile, so one of the two sees the other, and an element that is added
 * too late is polled by whoever added it, unless the other one does.
 */
final class Handoff<E> {
    private final MpmcAtomicArrayQueue<E> queue;
    private final Consumer<E> giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * With room for so many.
     *
     * @param giveBack takes what was not polled, on the thread that closes or that offered too late
     */
    Handoff(int capacity, Consumer<E> giveBack) {
        this.queue = new MpmcAtomicArrayQueue<>(capacity);
        this.giveBack = giveBack;
    }

    /** False if there is no room or it is closed; else the element is polled or given back one day. */
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

    /** The oldest element, which stays; null if there is none. */
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

    /** True for the call that closes it. */
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
