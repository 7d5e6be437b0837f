package dev.corral.queue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * An unbounded queue of many producers and few consumers. Any thread may call any method. No method blocks.
 *
 * <p>The JCTools queue below allows one consumer. Here the thread that holds {@code turn} is the consumer, so the
 * consumer may change with every element. A thread holds {@code turn} for one {@code poll} only. With one consumer,
 * which is the usual case, taking the turn is one uncontended compare-and-set. Because of it, a second thread can take
 * over from a consumer that stands still, without the help of that consumer.
 */
public final class RunQueue<E> {
    private static final int CHUNK = 64;

    private final MpscUnboundedAtomicArrayQueue<E> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final AtomicBoolean turn = new AtomicBoolean();

    /** Adds the element. */
    public void offer(E element) {
        queue.offer(element);
    }

    /** Takes the next element; null if there is none, or if other threads have taken it. */
    public @Nullable E poll() {
        while (!turn.compareAndSet(false, true)) { // held for nanoseconds, unless its holder has lost its processor
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

    /** Whether the queue is empty. Exact for an element whose {@code offer} has returned and that was not taken. */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Returns the number of elements; an estimate. */
    public int size() {
        return queue.size();
    }
}
