package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.Subscription;
import dev.corral.thread.Retry;
import dev.corral.thread.Log;
import dev.corral.queue.ParkingQueue;
import dev.corral.thread.ServiceThread;
import dev.corral.text.Quantities;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that calls listeners and completes futures, one after another, in the order of {@link #publish} and
 * {@link #complete}.
 *
 * <p>A call that lasts longer than {@link #PATIENCE} is logged. Its thread is left to that listener, and a new thread
 * serves the other ones. Until the call returns, events for the slow listener wait in its backlog, which holds at most
 * {@link #BACKLOG} events. So this listener still receives its events in order and one at a time. One compare-and-set
 * on {@code call} decides which thread is the event thread: either the call ends in time, or {@link #relieve} takes the
 * queue away from its thread.
 */
final class EventThread {
    static final Duration PATIENCE = Duration.ofSeconds(1);
    static final int BACKLOG = 10_000;

    private static final Log LOG = Log.get();

    private final String cluster;
    private final ServiceThread thread;
    private final MasterClock clock;
    private final List<Listener<?>> listeners = new CopyOnWriteArrayList<>();
    private final ParkingQueue<Delivery> deliveries = new ParkingQueue<>();
    /**
     * The call that the event thread is in; null between calls. Written by the event thread, and by the one that
     * relieves it.
     */
    private final AtomicReference<@Nullable Call> call = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Written by the thread that closes the cluster. */
    private volatile boolean stopped;
    /** Whether the thread was ever started. Written by the thread that starts the cluster. */
    private volatile boolean started;

    /** An action for one listener; the listener is null if a future is to be completed. */
    private record Delivery(@Nullable Listener<?> listener, Runnable action) {}

    private record Call(Thread thread, Delivery delivery, long sinceNanos) {}

    EventThread(String cluster, MasterClock clock) {
        this.cluster = cluster;
        this.thread = new ServiceThread(cluster, "corral-" + cluster + "-events", this::run);
        this.clock = clock;
    }

    void start() {
        thread.start();
        started = true;
    }

    /** A registered listener. */
    private static final class Listener<E extends ClusterEvent> {
        private final Class<E> type;
        private final Consumer<? super E> consumer;
        /**
         * The actions that wait for the thread that was left to this listener; null if there is none. Guarded by the
         * monitor.
         */
        private @Nullable Deque<Runnable> backlog;
        /** How many events the backlog had no room for. Guarded by the monitor. */
        private long lost;
        /** Written by any thread. */
        private volatile boolean removed;

        Listener(Class<E> type, Consumer<? super E> consumer) {
            this.type = type;
            this.consumer = consumer;
        }

        void accept(ClusterEvent event) {
            if (!removed) {
                consumer.accept(type.cast(event));
            }
        }

        /** Takes the queue away from the thread that is in this call. Returns false if the call has just returned. */
        synchronized boolean leaveBehind(AtomicReference<@Nullable Call> call, Call now) {
            if (!call.compareAndSet(now, null)) {
                return false;
            }
            backlog = new ArrayDeque<>(); // before that thread can look for it, which needs the monitor
            return true;
        }

        /** Adds the action to the backlog. Returns false if there is none: then the caller runs the action. */
        synchronized boolean defer(Runnable action) {
            if (backlog == null) {
                return false;
            }
            if (backlog.size() < BACKLOG) {
                backlog.add(action);
            } else {
                lost++;
            }
            return true;
        }

        /** Returns the next action of the backlog; null if it is empty, and there is none any more. */
        synchronized @Nullable Runnable nextDeferred() {
            Runnable next = backlog == null ? null : backlog.poll();
            if (next == null) {
                backlog = null;
                if (lost > 0) {
                    LOG.log(Level.WARNING, "listener {0} was too slow; {1} events were dropped", consumer, lost);
                    lost = 0;
                }
            }
            return next;
        }
    }

    /** Registers a listener of events of one type. */
    <E extends ClusterEvent> Subscription listen(Class<E> type, Consumer<? super E> consumer) {
        var listener = new Listener<>(type, consumer);
        listeners.add(listener);
        return () -> {
            listener.removed = true;
            listeners.remove(listener);
        };
    }

    /** Queues an event for the listeners that are registered now. */
    void publish(ClusterEvent event) {
        for (Listener<?> listener : listeners) {
            if (listener.type.isInstance(event)) {
                deliveries.offer(new Delivery(listener, () -> listener.accept(event)));
            }
        }
    }

    /** Queues the completion of a future. Actions that depend on the future run on the event thread as well. */
    void complete(Runnable completion) {
        deliveries.offer(new Delivery(null, completion));
    }

    /** Returns whether the current thread calls user code for this cluster. */
    boolean isCurrent() {
        return thread.isCurrent();
    }

    /**
     * Refuses a call that waits if the caller is the event thread: what the call waits for happens on the event thread.
     *
     * @throws IllegalStateException if the current thread calls user code for this cluster
     */
    void refuseCaller(String method) {
        if (isCurrent()) {
            throw new IllegalStateException(method + " waits, and the event thread of " + cluster
                    + ", which calls it, completes what it waits for; call it from another thread");
        }
    }

    /** Runs the thread. Returns false if the queue was taken away from the current thread. */
    private boolean run() {
        thread.busy();
        while (deliverAll()) {
            if (stopped) {
                ended.countDown();
                return true;
            }
            thread.idle();
            deliveries.await();
            thread.busy();
        }
        return false;
    }

    /**
     * Delivers all that is queued, on the current thread. Returns false if the queue was taken away from that thread.
     */
    boolean deliverAll() {
        for (Delivery next = deliveries.poll(); next != null; next = deliveries.poll()) {
            if (next.listener != null && next.listener.defer(next.action)) {
                continue;
            }
            Call now = begin(next);
            call.set(now);
            guarded(next.action);
            if (!call.compareAndSet(now, null)) {
                catchUp(next.listener);
                return false;
            }
        }
        return true;
    }

    /** Begins a call. Waits for memory if there is none, because the delivery is no longer in the queue. */
    private Call begin(Delivery next) {
        while (true) {
            try {
                return new Call(Thread.currentThread(), next, clock.nanos());
            } catch (OutOfMemoryError e) {
                LOG.failed("an event waits for memory", e);
                Retry.pause();
            }
        }
    }

    /** Empties the backlog, on the thread that was left to its listener. */
    private static void catchUp(@Nullable Listener<?> listener) {
        if (listener != null) {
            for (Runnable next = listener.nextDeferred(); next != null; next = listener.nextDeferred()) {
                guarded(next);
            }
        }
    }

    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // whatever user code throws
            LOG.failed("a listener threw", e);
        }
    }

    /** Starts another thread if a call lasts too long. The master's thread calls this once per second. */
    void relieve() {
        Call now = call.get();
        if (now == null || clock.nanos() - now.sinceNanos < PATIENCE.toNanos()) {
            return;
        }
        Listener<?> listener = now.delivery.listener;
        boolean left = listener == null ? call.compareAndSet(now, null) : listener.leaveBehind(call, now);
        if (!left) {
            return; // the call has just returned
        }
        thread.leave();
        thread.supervise(); // a start that fails is tried again each second
        var stack = new StringBuilder();
        for (StackTraceElement frame : now.thread.getStackTrace()) {
            stack.append("\n    at ").append(frame);
        }
        LOG.log(Level.WARNING,
                "a listener has been running for more than {0}; other listeners do not wait for it{1}",
                Quantities.text(PATIENCE), stack);
    }

    /** Ends the thread as soon as all that is queued has been delivered. */
    void stop() {
        stopped = true;
        deliveries.offer(new Delivery(null, () -> {}));
    }

    /**
     * Waits until the thread has ended, or the time has passed. Returns at once if the thread was never started.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    void awaitEnd(Duration atMost) throws InterruptedException {
        boolean _ = !started || ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
