package dev.corral.carrier;

import dev.corral.queue.RunQueue;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs the virtual threads of one worker on carriers of its own, first come, first served.
 *
 * <p>The carriers start with the first tasks, at most as many as were asked for. One that stands still inside a task while
 * others wait (a blocking file read, a class initialiser that waits for a sibling, a native call) is replaced by a spare one
 * and leaves when its task returns; {@link CarrierWatch} finds it. One that spins is not replaced.
 */
public final class Scheduler implements Executor, AutoCloseable {
    /** Threads at the same time, stuck ones included; as many as the JDK's own scheduler has. */
    static final int MAX_THREADS = 256;

    private final String name;
    private final ThreadGroup group;
    private final int carriers;
    private final RunQueue<Runnable> queue = new RunQueue<>();
    /** Carriers that take tasks; replaced as a whole. */
    private final AtomicReference<Carrier[]> active = new AtomicReference<>(new Carrier[0]);
    /** All that run, retired ones included. */
    private final Set<Carrier> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private volatile @Nullable Throwable lastFailure;
    private volatile boolean closed;

    /**
     * Starts no thread yet.
     *
     * @param name of the worker; carriers are called {@code name/carrier-n}
     * @param group that the carriers belong to
     * @param carriers 1 and up
     */
    public Scheduler(String name, ThreadGroup group, int carriers) {
        this.name = name;
        this.group = group;
        this.carriers = carriers;
    }

    /** Queues the task and sees to it that a carrier takes it. After {@link #close} the task is dropped. */
    @Override
    public void execute(Runnable task) {
        if (closed) {
            return;
        }
        queue.offer(task);
        Carrier[] now = active.get();
        for (Carrier carrier : now) {
            if (carrier.wake()) {
                return;
            }
        }
        if (now.length < carriers) {
            startOneMore(now);
        }
    }

    private void startOneMore(Carrier[] now) {
        Carrier carrier = newCarrier();
        Carrier[] next = Arrays.copyOf(now, now.length + 1);
        next[now.length] = carrier;
        if (!active.compareAndSet(now, next)) {
            return; // another thread started one, which will find the task
        }
        try {
            start(carrier);
        } catch (OutOfMemoryError e) { // no thread to be had; the JDK tries again with the same task
            active.updateAndGet(all -> without(all, carrier));
            throw e;
        }
        if (closed) {
            carrier.retire();
        } else if (now.length == 0) {
            CarrierWatch.add(this);
        }
    }

    /** For the watch: a fresh carrier takes over from one that stands still. False if there are too many threads already. */
    boolean replace(Carrier still) {
        if (closed || threads.size() >= MAX_THREADS) {
            return false;
        }
        Carrier spare = newCarrier();
        start(spare);
        active.updateAndGet(all -> with(without(all, still), spare));
        still.retire();
        if (closed) {
            spare.retire();
        }
        return true;
    }

    private Carrier newCarrier() {
        return new Carrier(this, group, name + "/carrier-" + started.incrementAndGet());
    }

    private void start(Carrier carrier) {
        threads.add(carrier);
        boolean running = false;
        try {
            carrier.start();
            running = true;
        } finally {
            if (!running) {
                threads.remove(carrier);
            }
        }
    }

    private static Carrier[] with(Carrier[] all, Carrier carrier) {
        Carrier[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = carrier;
        return more;
    }

    private static Carrier[] without(Carrier[] all, Carrier carrier) {
        return Arrays.stream(all).filter(c -> c != carrier).toArray(Carrier[]::new);
    }

    /**
     * Takes no task any more. Carriers leave when their task of now returns; what waits is never run.
     */
    @Override
    public void close() {
        closed = true;
        CarrierWatch.remove(this);
        for (Carrier carrier : active.getAndSet(new Carrier[0])) {
            carrier.retire();
        }
    }

    /** Carriers that run, those that stand still and were replaced included; a snapshot. */
    public List<Thread> threads() {
        return List.copyOf(threads);
    }

    /** Virtual threads that wait for a carrier; an estimate. */
    public int waiting() {
        return queue.size();
    }

    /** What a task threw last, which the JDK's own tasks never do; null if none did. */
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    Carrier[] active() {
        return active.get();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    @Nullable
    Runnable poll() {
        return queue.poll();
    }

    void left(Carrier carrier) {
        threads.remove(carrier);
    }

    void taskFailed(Throwable failure) {
        lastFailure = failure;
    }
}
