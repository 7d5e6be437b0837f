package dev.corral.mailbox;

import dev.corral.Exit;
import dev.corral.Failure;
import dev.corral.queue.AdaptiveSpin;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The open asks of one endpoint: the requests whose reply it waits for. A reply names its ask by number, so the
 * endpoint that was asked holds no reference to the asker. A reply whose ask is no longer open is dropped. Thread-safe.
 */
final class Asks {
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentHashMap<Long, Ask> open = new ConcurrentHashMap<>();

    /** Shared by all threads that ask. */
    private final AdaptiveSpin spin = new AdaptiveSpin();

    /** How an ask ended. */
    sealed interface Outcome {
        /**
         * A reply came.
         *
         * @param packed the reply, packed for the types of the asker
         */
        record Replied(Object packed) implements Outcome {}

        /** The handler threw. */
        record Failed(Failure failure) implements Outcome {}

        /** The worker that was asked has ended. */
        record Exited(Exit exit) implements Outcome {}
    }

    /** One ask. It belongs to the thread that has opened it. */
    final class Ask {
        final long number;
        private final long to;
        private final Thread asker = Thread.currentThread();
        /** How it ended; null before. Written once, by the thread that has removed the ask from {@link #open}. */
        private volatile @Nullable Outcome outcome;

        private Ask(long number, long to) {
            this.number = number;
            this.to = to;
        }

        private void end(Outcome how) {
            outcome = how;
            LockSupport.unpark(asker);
        }

        /**
         * Waits for the end of this ask. Only the thread that has opened it may call this.
         *
         * @param start the time at which the wait began, as of {@link System#nanoTime}
         * @param nanos the longest wait, counted from {@code start}
         * @return null if the time is up
         * @throws InterruptedException if the thread is interrupted while it waits
         */
        @Nullable
        Outcome await(long start, long nanos) throws InterruptedException {
            if (spin.await(() -> outcome != null)) {
                return outcome;
            }
            while (outcome == null) {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return null;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(this, left);
            }
            return outcome;
        }
    }

    /**
     * Opens an ask of the current thread, which must {@linkplain #close close} it.
     *
     * @param to the id of the receiver
     */
    Ask open(long to) {
        var ask = new Ask(numbers.incrementAndGet(), to);
        open.put(ask.number, ask);
        return ask;
    }

    /** Removes the ask. A reply that comes later is dropped. */
    void close(Ask ask) {
        open.remove(ask.number);
    }

    /** Ends the ask with this number, if it is still open, and wakes its thread. */
    void end(long number, Outcome how) {
        Ask ask = open.remove(number);
        if (ask != null) {
            ask.end(how);
        }
    }

    /** Ends all asks that wait for this worker, because it has ended. */
    void exited(long worker, Exit exit) {
        for (Ask ask : open.values()) {
            if (ask.to == worker) {
                end(ask.number, new Outcome.Exited(exit));
            }
        }
    }
}
