package dev.corral.mailbox;

import dev.corral.Subscription;
import dev.corral.queue.BoundedQueue;
import dev.corral.queue.AdaptiveSpin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The envelopes for one receiver, and the thread that passes them to the handler one after another. */
final class Mailbox {
    /** This number of envelopes, handled without a pause between them, is a flood. */
    private static final int FLOOD = 16;
    /**
     * How long envelopes may gather after a flood before the next one is taken. A consumer that takes each of many
     * envelopes at once contends with the sender for every cache line, and both become several times slower.
     */
    private static final int GATHER_NANOS = 10_000;

    private final BoundedQueue<Envelope> envelopes;
    /** Held by the reception whose handler runs. When one reception follows another, the second waits for the first. */
    private final Semaphore turn = new Semaphore(1);
    /** The current reception; null if there is no handler. Guarded by the monitor. */
    private @Nullable Reception reception;
    /** Whether the envelopes that are left at the close are handled. Written before the queue is closed. */
    private volatile boolean finishing;
    /** The envelopes that were left at {@link #finish}, in order. */
    private final CompletableFuture<List<Envelope>> rest = new CompletableFuture<>();

    /**
     * Creates an empty mailbox.
     *
     * @param capacity the number of envelopes that fit in: 2 and up, a power of two
     */
    Mailbox(int capacity) {
        envelopes = new BoundedQueue<>(capacity);
    }

    BoundedQueue<Envelope> envelopes() {
        return envelopes;
    }

    /**
     * Begins to pass envelopes to a handler, on a new thread of the factory, until the reception is closed.
     *
     * @param handler must not throw
     * @param whenClosed runs on the thread that closes the reception
     * @throws IllegalStateException if there is a handler already
     */
    synchronized Reception receive(ThreadFactory threads, Consumer<Envelope> handler, Runnable whenClosed) {
        if (reception != null) {
            throw new IllegalStateException(
                    "messages are being handled already; close the subscription of the other handler first");
        }
        var mine = new Reception(handler, whenClosed);
        threads.newThread(mine).start();
        reception = mine;
        return mine;
    }

    /** Whether there is a handler. */
    synchronized boolean isReceiving() {
        return reception != null;
    }

    /** Whether no envelope waits and none is being handled. Also true if there is no handler. */
    boolean isIdle() {
        Reception now;
        synchronized (this) {
            now = reception;
        }
        return now == null || (envelopes.size() == 0 && !now.working);
    }

    /** Closes the mailbox to senders, and returns the envelopes that no handler will receive, in order. */
    List<Envelope> close() {
        return envelopes.close();
    }

    /**
     * Closes the mailbox to senders. If there is a handler, it receives the envelopes that are left, and then its
     * thread ends.
     */
    void finish() {
        finishing = true;
        rest.complete(envelopes.close());
    }

    private synchronized void end(Reception ended) {
        if (reception == ended) {
            reception = null;
        }
    }

    /** The registration of one handler, until it is closed. */
    final class Reception implements Runnable, Subscription {
        private final Consumer<Envelope> handler;
        private final Runnable whenClosed;
        private final BooleanSupplier wanted = this::isWanted;
        /** Used by the thread of this reception only. */
        private final AdaptiveSpin spin = new AdaptiveSpin();
        private final CountDownLatch ended = new CountDownLatch(1);
        /** True from before an envelope is taken until it has been handled. Written by the thread of this reception. */
        private volatile boolean working;
        private volatile boolean over;

        private Reception(Consumer<Envelope> handler, Runnable whenClosed) {
            this.handler = handler;
            this.whenClosed = whenClosed;
        }

        @Override
        public void run() {
            turn.acquireUninterruptibly();
            try {
                handleAll();
            } finally {
                turn.release();
                end(this);
                ended.countDown();
            }
        }

        private void handleAll() {
            int inARow = 0;
            while (!over) {
                setWorking(true);
                Envelope envelope = envelopes.poll();
                if (envelope != null) {
                    handler.accept(envelope);
                    Thread.interrupted(); // an interrupt was meant for this envelope, not for the next one
                    inARow++;
                    continue;
                }
                boolean isFlood = inARow >= FLOOD;
                inARow = 0;
                if (isFlood) {
                    AdaptiveSpin.pause(System.nanoTime(), GATHER_NANOS);
                    continue;
                }
                if (envelopes.isClosed()) {
                    if (finishing) {
                        rest.join().forEach(handler);
                    }
                    return;
                }
                setWorking(false);
                if (!spin.await(wanted)) {
                    envelopes.await();
                }
                Thread.interrupted(); // an interrupt was meant for the handler, which does not run now
            }
        }

        private boolean isWanted() {
            return envelopes.size() > 0 || over || envelopes.isClosed();
        }

        private void setWorking(boolean now) {
            if (working != now) {
                working = now;
            }
        }

        /** Whether the thread of this reception has ended. */
        boolean hasEnded() {
            return ended.getCount() == 0;
        }

        /**
         * Waits for the thread of this reception to end; false if it has not ended in time.
         *
         * @throws InterruptedException if the caller is interrupted while it waits
         */
        boolean awaitEnd(Duration atMost) throws InterruptedException {
            return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Ends the reception after the envelope that is being handled. The next envelopes wait for another handler. */
        @Override
        public void close() {
            if (!over) {
                over = true;
                end(this);
                envelopes.wake();
                whenClosed.run();
            }
        }
    }
}
