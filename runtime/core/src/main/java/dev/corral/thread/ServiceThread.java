package dev.corral.thread;

import dev.corral.ClusterStats.ServiceThread.State;
import dev.corral.ClusterStats;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread of Corral itself that runs a loop until the loop is over.
 *
 * <p><b>Restarts.</b> When the loop throws anything, the failure is logged. After a pause of 10 ms to 1 s the same
 * thread enters the loop again. When the thread itself has ended, {@link ServiceThreads#superviseAll} starts another
 * one. So a loop keeps its state in fields, and its first statements continue from the state of an earlier run. Both
 * kinds of restart are counted.
 *
 * <p><b>Progress.</b> A loop calls {@link #busy} when a turn begins, and {@link #idle} before it waits. A turn that
 * lasts longer than {@link #STALL} is logged with the stack of the thread. The thread is not replaced then, because two
 * threads would use the loop's state. A loop that can be taken away from its thread calls {@link #leave}.
 */
public final class ServiceThread {
    /** A thread that is in the same turn for longer than this makes no progress. */
    public static final Duration STALL = Duration.ofSeconds(10);

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long IDLE = 0;

    private final String cluster;
    private final String name;
    private final BooleanSupplier loop;
    private boolean daemon = true;
    private boolean vital = true;
    /**
     * The current thread; null if there is none. Replaced by compare-and-set, by the thread that starts the next one.
     */
    private final AtomicReference<@Nullable Runner> runner = new AtomicReference<>();
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicBoolean started = new AtomicBoolean();
    /** Whether the loop must have a thread. */
    private volatile boolean begun;
    /** Whether the loop has had a thread. */
    private volatile boolean ran;
    /** Whether the loop is over. Written by the thread. */
    private volatile boolean over;
    /**
     * The time at which the turn began, as of {@link System#nanoTime}; {@link #IDLE} between turns. Written by the
     * thread.
     */
    private volatile long turnNanos = IDLE;
    /** Whether a lack of progress was reported. Written by the threads that check the progress. */
    private volatile boolean stallReported;
    /** An error that the next turn throws, for tests. */
    private volatile @Nullable Error fault;

    /** One thread that runs the loop. */
    private final class Runner extends Thread {
        Runner() {
            super(ServiceThreads.rootGroup(), null, name, 0, false);
            setDaemon(daemon);
            setPriority(NORM_PRIORITY);
            setUncaughtExceptionHandler(ServiceThreads::uncaught);
        }

        @Override
        public void run() {
            ServiceThread.this.run(this);
        }

        boolean isOf(ServiceThread service) {
            return ServiceThread.this == service;
        }
    }

    /**
     * Creates a service thread; it is not started yet.
     *
     * @param cluster the name of the cluster that it serves, or the empty string
     * @param name the name of the thread
     * @param loop returns when it is over
     */
    public ServiceThread(String cluster, String name, Runnable loop) {
        this(cluster, name, () -> {
            loop.run();
            return true;
        });
    }

    /**
     * Creates a service thread; it is not started yet.
     *
     * @param loop returns true when it is over, and false when it was taken away from the current thread
     */
    public ServiceThread(String cluster, String name, BooleanSupplier loop) {
        this.cluster = cluster;
        this.name = name;
        this.loop = loop;
    }

    /** Makes this a non-daemon thread, so that the JVM does not end before it. Called before the start. */
    public ServiceThread keepingTheJvm() {
        daemon = false;
        return this;
    }

    /** Marks the thread as one that a cluster can run without. Called before the start. */
    public ServiceThread notVital() {
        vital = false;
        return this;
    }

    /**
     * Starts the thread, unless it was started. Throws what {@link Thread#start} throws; then it may be called again.
     * Any thread may call this.
     */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            return;
        }
        ServiceThreads.add(this);
        try {
            var first = new Runner();
            runner.set(first);
            first.start();
            ran = true;
            begun = true;
        } catch (RuntimeException | Error e) {
            runner.set(null);
            ServiceThreads.remove(this);
            started.set(false);
            throw e;
        }
    }

    /**
     * Starts the thread, unless it was started. If the JVM has no thread available now, it starts later. Any thread may
     * call this; it does not throw.
     */
    public void startSoon() {
        if (!started.get() && started.compareAndSet(false, true)) {
            begun = true;
            ServiceThreads.add(this);
            supervise();
        }
    }

    private void run(Runner current) {
        long pauseNanos = FIRST_PAUSE_NANOS;
        while (true) {
            long start = System.nanoTime();
            try {
                if (loop.getAsBoolean()) {
                    over = true;
                    ServiceThreads.remove(this);
                }
                return;
            } catch (Throwable e) { // the loop must go on, whatever was thrown
                turnNanos = IDLE;
                endIfForced(e);
                if (runner.get() == current) {
                    restarts.incrementAndGet();
                }
                reportQuietly(e);
            }
            pauseNanos = System.nanoTime() - start > LONGEST_PAUSE_NANOS ? FIRST_PAUSE_NANOS
                    : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
            Thread.interrupted(); // otherwise there would be no pause
            LockSupport.parkNanos(this, pauseNanos);
        }
    }

    /**
     * Reports a failure, and survives if there is no memory for it. A string constant needs memory at its first use,
     * before any method is called.
     */
    private void reportQuietly(Throwable failure) {
        try {
            report(" failed and continues; restarts so far: ", failure);
        } catch (Throwable e) {
            // no memory for the text
        }
    }

    private void report(String what, Throwable failure) {
        try {
            Log.get().failed(name + what, restarts.toString(), failure);
        } catch (Throwable e) {
            // no memory for the text
        }
    }

    /** Marks the beginning of a turn. Called by the loop. */
    public void busy() {
        turnNanos = System.nanoTime() | 1;
        Error forced = fault;
        if (forced != null) {
            throw forced;
        }
    }

    /** Marks the end of a turn. Called by the loop before it waits. */
    public void idle() {
        turnNanos = IDLE;
    }

    /** Wakes the thread if it is parked. Any thread may call this. */
    public void wake() {
        LockSupport.unpark(runner.get());
    }

    /** Whether the current thread runs, or has run, this loop. */
    public boolean isCurrent() {
        return Thread.currentThread() instanceof Runner current && current.isOf(this);
    }

    /**
     * Takes the loop away from its thread, which must find that out itself. The next call of {@link #supervise} starts
     * another thread.
     */
    public void leave() {
        turnNanos = IDLE;
        runner.set(null);
    }

    /**
     * Starts another thread if there is none, and reports a lack of progress. Any thread may call this; it does not
     * throw.
     */
    public void supervise() {
        try {
            Runner known = runner.get();
            if (hasEnded()) {
                startAnother(known);
            } else if (known != null && !over) {
                checkProgress(known);
            }
        } catch (Throwable e) { // no memory; the next call tries again
            report(" could not be checked; restarts so far: ", e);
        }
    }

    /** Whether the loop is over. */
    public boolean isOver() {
        return over;
    }

    /** Whether the loop was started, is not over, and has no thread. */
    boolean hasEnded() {
        Runner known = runner.get();
        return begun && !over && (known == null || known.getState() == Thread.State.TERMINATED);
    }

    private void startAnother(@Nullable Runner before) {
        var next = new Runner();
        if (!runner.compareAndSet(before, next)) {
            return; // another thread starts it
        }
        turnNanos = IDLE;
        try {
            next.start();
            if (ran) {
                Log.get().log(Level.WARNING, name + " had ended and was started again; restarts so far: {0}",
                        restarts.incrementAndGet());
            }
            ran = true;
        } catch (RuntimeException | Error e) { // no thread is available
            runner.compareAndSet(next, before);
            report(" has no thread, and none is available now; restarts so far: ", e);
        }
    }

    private void checkProgress(Runner thread) {
        boolean isStalled = isStalled();
        if (isStalled == stallReported) {
            return;
        }
        stallReported = isStalled;
        if (!isStalled) {
            Log.get().log(Level.WARNING, name + " makes progress again");
            return;
        }
        var stack = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            stack.append("\n    at ").append(frame);
        }
        Log.get().log(Level.ERROR, name + " has made no progress for {0} s{1}", STALL.toSeconds(), stack);
    }

    private boolean isStalled() {
        return isStalled(turnNanos, System.nanoTime());
    }

    static boolean isStalled(long turnNanos, long nowNanos) {
        return turnNanos != IDLE && nowNanos - turnNanos > STALL.toNanos();
    }

    boolean isFor(String clusterName) {
        return cluster.isEmpty() || cluster.equals(clusterName);
    }

    ClusterStats.ServiceThread stats() {
        State state = hasEnded() ? State.ENDED : isStalled() ? State.STALLED : State.RUNNING;
        return new ClusterStats.ServiceThread(name, state, restarts.get(), vital);
    }

    String name() {
        return name;
    }

    /** Ends the thread with this error when its next turn begins, for tests. */
    void endWith(Error error) {
        fault = error;
    }

    private void endIfForced(Throwable thrown) {
        if (thrown == fault) {
            fault = null;
            throw (Error) thrown;
        }
    }
}
