package dev.corral.queue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * An unbounded queue of many producers and few consumers. All methods may be called by any thread; none blocks.
 *
 * <p>Below it is a queue for one consumer. Which thread that is changes with every element: whoever holds the {@code turn}
 * is the consumer, and nobody holds it for longer than one {@code poll}. With one consumer, the usual case, taking the turn
 * is one uncontended compare-and-set; it is what lets a second thread take over from one that stands still without asking it.
 */
public final class RunQueue<E> {
    private static final int CHUNK = 64;

    private final MpscUnboundedAtomicArrayQueue<E> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final AtomicBoolean turn = new AtomicBoolean();

    /** Adds the element. */
    public void offer(E element) {
        queue.offer(element);
    }

    /** Takes the next element; null if there is none, or others took it meanwhile. */
    public @Nullable E poll() {
        while (!turn.compareAndSet(false, true)) { // held for nanoseconds, or by a thread that lost its processor there
            if (queue.isEmpty()) {
                return null;
            }
            Thread.yield();
        }
        try {
            return queue.poll();
        } finally {
            turn.setRelease(false);
        }
    }

    /** Whether nothing waits; exact for an element whose {@code offer} has returned and that nobody took. */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** How many elements wait; an estimate. */
    public int size() {
        return queue.size();
    }
}
