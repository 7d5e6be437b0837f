package dev.corral.carrier;

import dev.corral.thread.Log;
import dev.corral.queue.RunQueue;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the virtual threads of one worker on carriers of its own, first come, first served.
 *
 * <p>The carriers start with the first tasks, at most as many as were asked for. One that stands still inside a task while
 * others wait (a blocking file read, a class initialiser that waits for a sibling, a native call) is replaced by a spare one
 * and leaves when its task returns; {@link CarrierWatch} finds it. One that spins is not replaced.
 */
public final class Scheduler implements Executor, AutoCloseable {
    private static final Log LOG = Log.get();
    /** Threads at the same time, stuck ones included; as many as the JDK's own scheduler has. */
    static final int MAX_THREADS = 256;
    /** Share of the threads that it may have. Some end in a full scheduler too, such as the one that was refused another. */
    private static final double NEARLY_FULL = 0.9;
    /** After this time a change of {@link #busy} has come through to two thirds. */
    private static final double BUSY_NANOS = 1e9;

    private final String name;
    private final Object owner;
    private final int carriers;
    private final int maxThreads;
    /** The task of each virtual thread that was started and has not ended. By identity. */
    private final Set<Runnable> threads = ConcurrentHashMap.newKeySet();
    /** How many these are. */
    private final AtomicInteger threadCount = new AtomicInteger();
    /** Set by whoever is refused a thread, cleared by the watch. */
    private volatile boolean refused;
    private final RunQueue<Runnable> queue = new RunQueue<>();
    /** Carriers that take tasks; replaced as a whole. */
    private final AtomicReference<Carrier[]> active = new AtomicReference<>(new Carrier[0]);
    /** All that have not left, retired ones included. */
    private final Set<Carrier> carrying = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final CarrierAccounts accounts = new CarrierAccounts();
    private volatile @Nullable Throwable lastFailure;
    private volatile boolean closed;
    /** A moving average. Written by the watch. */
    private volatile double busy;
    /** Who waits for the carriers to leave. */
    private volatile @Nullable Thread waiter;

    /**
     * Starts no thread yet.
     *
     * @param name of the worker; carriers are called {@code name/carrier-n}
     * @param owner of the virtual threads, for {@link #ownerOf}
     * @param carriers 1 and up
     */
    public Scheduler(String name, Object owner, int carriers) {
        this(name, owner, carriers, Integer.MAX_VALUE);
    }

    /**
     * The same, with a limit of virtual threads.
     *
     * @param maxThreads that may be alive at a time; those that are started beyond it are refused
     */
    public Scheduler(String name, Object owner, int carriers, int maxThreads) {
        this.name = name;
        this.owner = owner;
        this.carriers = carriers;
        this.maxThreads = maxThreads;
    }

    /**
     * Queues the task and sees to it that a carrier takes it. After {@link #close} the task is dropped.
     *
     * @throws RejectedExecutionException if the task is the first one of a virtual thread, and there are as many as there may be
     */
    @Override
    public void execute(Runnable task) {
        if (closed) {
            return;
        }
        if (VirtualTasks.begins(task)) {
            begin(task);
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

    /** Counts the thread of this task once: where no carrier could be started, the JDK comes with the same task again. */
    private void begin(Runnable task) {
        if (!threads.contains(task)) {
            if (threadCount.get() >= maxThreads) {
                refused = true;
                throw new RejectedExecutionException(
                        name + " has " + maxThreads + " virtual threads, and may have no more (withMaxThreads)");
            }
            threads.add(task);
            threadCount.incrementAndGet();
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

    /**
     * A fresh carrier takes over from one that stands still, which leaves when its task returns. For those who watch.
     *
     * @return false if there are too many threads already; true also if that has happened before
     */
    public synchronized boolean relieve(Carrier still) {
        if (!Arrays.asList(active.get()).contains(still)) {
            return true;
        }
        if (closed || carrying.size() >= MAX_THREADS) {
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

    /** The thread of this carrier has ended without leaving: something was thrown outside of its tasks. For those who watch. */
    void replaceEnded(Carrier ended) {
        if (relieve(ended)) {
            left(ended);
            ServiceThreads.countRestart("corral-carriers");
            LOG.log(Level.WARNING, "a carrier of {0} had ended and was started again", name);
        }
    }

    private Carrier newCarrier() {
        return new Carrier(this, name + "/carrier-" + started.incrementAndGet());
    }

    private void start(Carrier carrier) {
        carrying.add(carrier);
        boolean running = false;
        try {
            CarrierThread.start(carrier);
            running = true;
        } finally {
            if (!running) {
                carrying.remove(carrier);
            }
        }
    }

    /** The owner of the scheduler that this platform thread carries for; null if it is no carrier now. */
    public static @Nullable Object ownerOf(Thread platformThread) {
        Scheduler scheduler = CarrierThread.schedulerOf(platformThread);
        return scheduler == null ? null : scheduler.owner;
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

    /**
     * Waits, after {@link #close}, for the carriers to come back from their tasks; one thread at a time.
     *
     * @return the threads of those that have not, after so long or when interrupted; they end with their tasks
     */
    public List<Thread> awaitCarriers(Duration atMost) {
        waiter = Thread.currentThread();
        long start = System.nanoTime();
        long left = atMost.toNanos();
        while (!carrying.isEmpty() && left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, left);
            left = atMost.toNanos() - (System.nanoTime() - start);
        }
        waiter = null;
        List<Thread> busy = new ArrayList<>();
        for (Carrier carrier : carrying) {
            carrier.abandon();
            Thread thread = carrier.thread();
            if (thread != null && carrying.contains(carrier)) { // else it has come back before it was abandoned
                busy.add(thread);
            }
        }
        return busy;
    }

    /** Carriers, those that stand still and were replaced included; an estimate. */
    public int carriers() {
        return carrying.size();
    }

    /** The same, one by one. Weakly consistent. */
    public Iterable<Carrier> carrying() {
        return carrying;
    }

    /** Whether one of its carriers has begun, so that a task would wait for nothing but them. */
    public boolean isRunning() {
        return active.get().length > 0;
    }

    /** Virtual threads that wait for a carrier; an estimate. */
    public int waiting() {
        return queue.size();
    }

    /** Virtual threads that have not ended; 0 where that cannot be known. */
    public int threads() {
        return threadCount.get();
    }

    /** Whether it has refused a thread, and has had nearly as many as it may have since. By one thread, which watches it. */
    public boolean isFull() {
        if (refused && threadCount.get() < maxThreads * NEARLY_FULL) {
            refused = false;
        }
        return refused;
    }

    /** Share of the last second or so that its carriers were inside a task, 0 to 1. */
    public double busy() {
        return busy;
    }

    /** What its carriers have used so far, those that have left included. Any thread; never less than before. */
    public ThreadUsage usage() {
        return accounts.sum();
    }

    CarrierAccounts accounts() {
        return accounts;
    }

    /** For the watch: so many of the carriers are inside a task now, and that is to count for so many nanoseconds. */
    void recordBusy(int inside, long nanos) {
        double now = Math.min(1, inside / (double) carriers);
        double before = busy;
        busy = before + (now - before) * (1 - Math.exp(-nanos / BUSY_NANOS));
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
        carrying.remove(carrier);
        LockSupport.unpark(waiter);
    }

    /** A carrier has run this task. Another one may have run it since, to the end of its thread; so each is taken out once. */
    void hasRun(Runnable task) {
        if (VirtualTasks.hasEnded(task) && threads.remove(task)) {
            threadCount.decrementAndGet();
        }
    }

    void taskFailed(Throwable failure) {
        lastFailure = failure;
    }
}
