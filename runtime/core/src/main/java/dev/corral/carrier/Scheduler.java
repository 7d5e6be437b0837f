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
 * An executor that runs the virtual threads of one worker on its own carriers, first come, first served.
 *
 * <p>Carriers start with the first tasks, up to the number that was requested. {@link CarrierWatch} finds a carrier
 * that stands still inside a task while other tasks wait: in a blocking file read, in a class initializer that waits
 * for another one, or in a native call. A spare carrier replaces it, and it leaves when its task returns. A carrier
 * that spins is not replaced.
 */
public final class Scheduler implements Executor, AutoCloseable {
    private static final Log LOG = Log.get();
    /**
     * The highest number of carriers at the same time, including those that stand still. The JDK's own scheduler has
     * the same limit.
     */
    static final int MAX_THREADS = 256;
    /**
     * The fraction of {@link #maxThreads} that counts as nearly full. Threads end in a full scheduler too, for example
     * one that was refused a new thread.
     */
    private static final double NEARLY_FULL = 0.9;
    /** The time constant of {@link #busy}: after this time two thirds of a change are visible. */
    private static final double BUSY_NANOS = 1e9;

    private final String name;
    private final Object owner;
    private final int carriers;
    private final int maxThreads;
    /** The tasks of all virtual threads that were started and have not ended, by identity. */
    private final Set<Runnable> threads = ConcurrentHashMap.newKeySet();
    /** The size of {@link #threads}. */
    private final AtomicInteger threadCount = new AtomicInteger();
    /** Whether a thread was refused. Set by the thread that was refused one, cleared in {@link #isFull}. */
    private volatile boolean refused;
    private final RunQueue<Runnable> queue = new RunQueue<>();
    /** The carriers that take tasks. The array is replaced as a whole. */
    private final AtomicReference<Carrier[]> active = new AtomicReference<>(new Carrier[0]);
    /** The carriers that have not left, including retired ones. */
    private final Set<Carrier> carrying = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final CarrierAccounts accounts = new CarrierAccounts();
    private volatile @Nullable Throwable lastFailure;
    private volatile boolean closed;
    /** A moving average of the busy fraction, 0 to 1. Written by the watch. */
    private volatile double busy;
    /** The thread that waits for the carriers to leave; null if there is none. */
    private volatile @Nullable Thread waiter;

    /**
     * Creates a scheduler without a limit of virtual threads. It starts no thread yet.
     *
     * @param name the name of the worker; its carriers are called {@code name/carrier-n}
     * @param owner the owner of the virtual threads, for {@link #ownerOf}
     * @param carriers the number of carriers: 1 and up
     */
    public Scheduler(String name, Object owner, int carriers) {
        this(name, owner, carriers, Integer.MAX_VALUE);
    }

    /**
     * Creates a scheduler with a limit of virtual threads. It starts no thread yet.
     *
     * @param maxThreads the highest number of virtual threads at the same time; further ones are refused
     */
    public Scheduler(String name, Object owner, int carriers, int maxThreads) {
        this.name = name;
        this.owner = owner;
        this.carriers = carriers;
        this.maxThreads = maxThreads;
    }

    /**
     * Queues the task, and wakes or starts a carrier that takes it. After {@link #close} the task is dropped.
     *
     * @throws RejectedExecutionException if the task is the first one of a virtual thread, and the limit of threads is
     *         reached
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

    /**
     * Counts the thread of this task. Counts it once, although the JDK submits the same task again if no carrier could
     * be started.
     */
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
        } catch (OutOfMemoryError e) { // no thread is available; the JDK submits the same task again
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
     * Replaces a carrier that stands still by a new one. The old carrier leaves when its task returns. Called by
     * threads that watch carriers.
     *
     * @return false if there are too many carriers already; true also if the carrier had been replaced before
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

    /**
     * Replaces a carrier whose thread has ended without leaving, because something was thrown outside of its tasks.
     * Called by threads that watch carriers.
     */
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

    /**
     * Returns the owner of the scheduler that this platform thread runs a carrier of; null if it runs no carrier now.
     */
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

    /** Stops taking tasks. Each carrier leaves when its current task returns. Tasks that wait are never run. */
    @Override
    public void close() {
        closed = true;
        CarrierWatch.remove(this);
        for (Carrier carrier : active.getAndSet(new Carrier[0])) {
            carrier.retire();
        }
    }

    /**
     * Waits, after {@link #close}, until the carriers have returned from their tasks. Only one thread may wait at a
     * time.
     *
     * @return the threads of the carriers that had not returned when the time was up or the caller was interrupted;
     *         these threads end after their tasks
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
            if (thread != null && carrying.contains(carrier)) { // else it has returned before it was abandoned
                busy.add(thread);
            }
        }
        return busy;
    }

    /** Returns the number of carriers, including those that stand still and were replaced; an estimate. */
    public int carriers() {
        return carrying.size();
    }

    /** Returns the same carriers one by one; weakly consistent. */
    public Iterable<Carrier> carrying() {
        return carrying;
    }

    /** Whether a carrier has been started, so that a new task waits for nothing but a free carrier. */
    public boolean isRunning() {
        return active.get().length > 0;
    }

    /** Returns the number of virtual threads that wait for a carrier; an estimate. */
    public int waiting() {
        return queue.size();
    }

    /** Returns the number of virtual threads that have not ended; 0 if it is not known. */
    public int threads() {
        return threadCount.get();
    }

    /**
     * Whether a thread was refused and the number of threads has stayed near the limit since. Called by one thread,
     * which watches the worker.
     */
    public boolean isFull() {
        if (refused && threadCount.get() < maxThreads * NEARLY_FULL) {
            refused = false;
        }
        return refused;
    }

    /** Returns the fraction of about the last second that the carriers were inside a task, 0 to 1. */
    public double busy() {
        return busy;
    }

    /**
     * Returns what its carriers have used so far, including those that have left. Any thread may call this. Never less
     * than an earlier result.
     */
    public ThreadUsage usage() {
        return accounts.sum();
    }

    CarrierAccounts accounts() {
        return accounts;
    }

    /**
     * Records the number of carriers that are inside a task now. Called by the watch only.
     *
     * @param nanos the time since the last call, for which the number counts
     */
    void recordBusy(int inside, long nanos) {
        double now = Math.min(1, inside / (double) carriers);
        double before = busy;
        busy = before + (now - before) * (1 - Math.exp(-nanos / BUSY_NANOS));
    }

    /** Returns what a task threw last; null if none did. The JDK's own tasks throw nothing. */
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

    /**
     * Records that a carrier has run this task. Another carrier may have run it since, to the end of its thread, so the
     * task is removed only once.
     */
    void hasRun(Runnable task) {
        if (VirtualTasks.hasEnded(task) && threads.remove(task)) {
            threadCount.decrementAndGet();
        }
    }

    void taskFailed(Throwable failure) {
        lastFailure = failure;
    }
}
