package dev.corral.mailbox;

import dev.corral.Exit;
import dev.corral.Failure;
import dev.corral.queue.AdaptiveSpin;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one side has asked and waits for. A reply names its ask by number; one that nobody waits for any more is dropped. So whoever is
 * asked holds nothing of the asker. Thread-safe.
 */
final class Asks {
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentHashMap<Long, Ask> open = new ConcurrentHashMap<>();

    /** Of all askers. */
    private final AdaptiveSpin spin = new AdaptiveSpin();

    /** How an ask ended. */
    sealed interface Outcome {
        /** By a reply, packed for the asker. */
        record Replied(Object packed) implements Outcome {}

        /** The handler threw. */
        record Failed(Failure failure) implements Outcome {}

        /** Who was asked has ended. */
        record Exited(Exit exit) implements Outcome {}
    }

    /** One ask, of the thread that made it. */
    final class Ask {
        final long number;
        private final long to;
        private final Thread asker = Thread.currentThread();
        /** The first one stands; set by whoever ends it. */
        private volatile @Nullable Outcome outcome;

        private Ask(long number, long to) {
            this.number = number;
            this.to = to;
        }

        private void end(Outcome how) {
            outcome = how;
            LockSupport.unpark(asker);
        }

        /** Waits for its end; null if that does not come within so many nanoseconds from then. The thread that made it. */
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

    /** An ask of the current thread, to be closed. */
    Ask open(long to) {
        var ask = new Ask(numbers.incrementAndGet(), to);
        open.put(ask.number, ask);
        return ask;
    }

    /** Nobody waits for it any more. */
    void close(Ask ask) {
        open.remove(ask.number);
    }

    /** Ends an ask, if somebody waits for it. */
    void end(long number, Outcome how) {
        Ask ask = open.remove(number);
        if (ask != null) {
            ask.end(how);
        }
    }

    /** Ends those of this worker, which will not answer any more. */
    void exited(long worker, Exit exit) {
        for (Ask ask : open.values()) {
            if (ask.to == worker) {
                end(ask.number, new Outcome.Exited(exit));
            }
        }
    }
}
