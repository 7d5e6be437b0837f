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

/** Letters for one receiver, and the thread that has them handled one after another. */
final class Mailbox {
    /** So many envelopes, one right after the other, are a flood. */
    private static final int FLOOD = 16;
    /**
     * So long, after a flood, are envelopes let gather before the next is taken. Who takes each of many as soon as it is there contends with
     * the sender for every cache line, and that makes both several times slower.
     */
    private static final int GATHER_NANOS = 10_000;

    private final BoundedQueue<Envelope> envelopes;
    /** Held by whoever has envelopes handled: of two receptions that follow one another, the second waits for the first. */
    private final Semaphore turn = new Semaphore(1);
    /** Guarded by the monitor. */
    private @Nullable Reception reception;
    /** Whether what is left when it is closed is to be handled. Written before it is closed. */
    private volatile boolean finishing;
    /** What was left at a {@link #finish}. */
    private final CompletableFuture<List<Envelope>> rest = new CompletableFuture<>();

    /** Empty. */
    Mailbox(int capacity) {
        envelopes = new BoundedQueue<>(capacity);
    }

    BoundedQueue<Envelope> envelopes() {
        return envelopes;
    }

    /**
     * Has envelopes handled from now on, on a thread of this factory, until that is closed.
     *
     * @param handler must not throw
     * @param whenClosed told when somebody closes it
     * @throws IllegalStateException if somebody has them handled already
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

    /** Whether somebody has envelopes handled. */
    synchronized boolean isReceiving() {
        return reception != null;
    }

    /** Whether nothing waits that will be handled, and nothing is being handled; true once nobody has envelopes handled. */
    boolean isIdle() {
        Reception now;
        synchronized (this) {
            now = reception;
        }
        return now == null || (envelopes.size() == 0 && !now.working);
    }

    /** Refuses all that comes from now on; what is left is nobody's, and given back. */
    List<Envelope> close() {
        return envelopes.close();
    }

    /** Refuses all that comes from now on; what is left is handled, if somebody does, and then the thread ends. */
    void finish() {
        finishing = true;
        rest.complete(envelopes.close());
    }

    private synchronized void end(Reception ended) {
        if (reception == ended) {
            reception = null;
        }
    }

    /** One handler, from its registration until it is closed. */
    final class Reception implements Runnable, Subscription {
        private final Consumer<Envelope> handler;
        private final Runnable whenClosed;
        private final BooleanSupplier wanted = this::isWanted;
        /** Of its thread. */
        private final AdaptiveSpin spin = new AdaptiveSpin();
        private final CountDownLatch ended = new CountDownLatch(1);
        /** True from before a envelope is taken until it has been handled. Written by its thread. */
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
                    Thread.interrupted(); // was meant for this one, not for the next
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
                Thread.interrupted(); // meant for the handler, which is not inside
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

        /** Whether its thread has left. */
        boolean hasEnded() {
            return ended.getCount() == 0;
        }

        /** Waits for its thread to leave; false if it did not within so long. */
        boolean awaitEnd(Duration atMost) throws InterruptedException {
            return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Lets the handler finish with its message; the next ones wait for another handler. */
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
