package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.Subscription;
import dev.corral.thread.Retry;
import dev.corral.thread.Log;
import dev.corral.queue.ParkingQueue;
import dev.corral.thread.ServiceThread;
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
 * Calls listeners and completes futures, one after another, in the order of {@link #publish} and {@link #complete}.
 *
 * <p>A call that lasts longer than {@link #PATIENCE} is reported, and the thread is left to it: another one goes on with the
 * others. What comes for that listener meanwhile waits in its backlog, of at most {@link #BACKLOG} events, until it returns;
 * so it still gets its events in order, one at a time. Which thread is the event thread is decided by one compare-and-set on
 * {@code call}: either the call ends in time, or {@link #relieve} has taken the queue away from its thread.
 */
final class EventThread {
    static final Duration PATIENCE = Duration.ofSeconds(1);
    static final int BACKLOG = 10_000;

    private static final Log LOG = Log.get();

    private final ServiceThread thread;
    private final MasterClock clock;
    private final List<Listener<?>> listeners = new CopyOnWriteArrayList<>();
    private final ParkingQueue<Delivery> deliveries = new ParkingQueue<>();
    /** The call that the event thread is in, or null. */
    private final AtomicReference<@Nullable Call> call = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;
    /** Whether there was ever a thread that could end. Written by the thread that starts the master. */
    private volatile boolean started;

    /** Something to be done, on behalf of a listener or of nobody in particular. */
    private record Delivery(@Nullable Listener<?> listener, Runnable action) {}

    private record Call(Thread thread, Delivery delivery, long sinceNanos) {}

    EventThread(String cluster, MasterClock clock) {
        this.thread = new ServiceThread(cluster, "corral-" + cluster + "-events", this::run);
        this.clock = clock;
    }

    void start() {
        thread.start();
        started = true;
    }

    /** A registration. */
    private static final class Listener<E extends ClusterEvent> {
        private final Class<E> type;
        private final Consumer<? super E> consumer;
        /** Not null while a thread was left to this listener: what it has to do next. Guarded by the monitor. */
        private @Nullable Deque<Runnable> backlog;
        private long lost;
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

        /** Takes the queue away from the thread that is in this call of the listener; false if it has just returned. */
        synchronized boolean leaveBehind(AtomicReference<@Nullable Call> call, Call now) {
            if (!call.compareAndSet(now, null)) {
                return false;
            }
            backlog = new ArrayDeque<>(); // before that thread can look for it, which needs the monitor
            return true;
        }

        /** True if the action waits for the thread that was left behind. */
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

        /** What to do next on the thread that was left behind; null if it has caught up. */
        synchronized @Nullable Runnable nextDeferred() {
            Runnable next = backlog == null ? null : backlog.poll();
            if (next == null) {
                backlog = null;
                if (lost > 0) {
                    LOG.log(Level.WARNING, "{0} has lost {1} events: it was too slow", consumer, lost);
                    lost = 0;
                }
            }
            return next;
        }
    }

    <E extends ClusterEvent> Subscription listen(Class<E> type, Consumer<? super E> consumer) {
        var listener = new Listener<>(type, consumer);
        listeners.add(listener);
        return () -> {
            listener.removed = true;
            listeners.remove(listener);
        };
    }

    /** Queues the event for everybody who listens now. */
    void publish(ClusterEvent event) {
        for (Listener<?> listener : listeners) {
            if (listener.type.isInstance(event)) {
                deliveries.offer(new Delivery(listener, () -> listener.accept(event)));
            }
        }
    }

    /** Queues the completion of a future: what depends on it runs here. */
    void complete(Runnable completion) {
        deliveries.offer(new Delivery(null, completion));
    }

    /** Whether the current thread is calling user code for this cluster. */
    boolean isCurrent() {
        return thread.isCurrent();
    }

    /** False if the queue was taken away from the current thread. */
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

    /** Delivers what waits, on the current thread. False if the queue was taken away from it meanwhile. */
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

    /** What was taken from the queue is delivered, even if the memory for it comes late. */
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

    /** On a thread that was left behind. */
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

    /** Called by the master now and then: if a call lasts too long, leaves its thread behind and starts another. */
    void relieve() {
        Call now = call.get();
        if (now == null || clock.nanos() - now.sinceNanos < PATIENCE.toNanos()) {
            return;
        }
        Listener<?> listener = now.delivery.listener;
        boolean left = listener == null ? call.compareAndSet(now, null) : listener.leaveBehind(call, now);
        if (!left) {
            return; // it returned at the last moment
        }
        thread.leave();
        thread.lookAfter(); // if it cannot be started now, it is tried again each second
        var stack = new StringBuilder();
        for (StackTraceElement frame : now.thread.getStackTrace()) {
            stack.append("\n    at ").append(frame);
        }
        LOG.log(Level.WARNING, "a listener has been running for more than {0} ms; others go on without it{1}",
                PATIENCE.toMillis(), stack);
    }

    /** Ends when everything queued so far has been delivered. */
    void stop() {
        stopped = true;
        deliveries.offer(new Delivery(null, () -> {}));
    }

    /** Waits until the thread has ended, at most for that time. Returns at once if it was never started. */
    void awaitEnd(Duration atMost) throws InterruptedException {
        boolean _ = !started || ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
