package dev.corral.redirect.stdio;

import dev.corral.OutputSink.Line;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * The queue that carries the lines of one slot's workers to their sinks. The worker that follows in a slot uses the
 * same pump. So the lines of a worker are delivered before those of the next one, and a sink that blocks holds one
 * thread and a bounded number of lines, however many workers end in the meantime.
 *
 * <p>Threads: any thread of a worker adds lines. One thread of a pool that all slots share delivers them, while there
 * are any. The thread that sets {@code scheduled} starts a drain, and only a drain clears it, so there is one consumer
 * at a time.
 */
final class OutputPump {
    /** A worker waits while this many lines are waiting for delivery. */
    static final int CAPACITY = 1024;
    /** A worker waits while the lines that are waiting for delivery have this many bytes. */
    static final int MAX_BYTES = 1024 * 1024;
    /**
     * Limit for the last lines of a worker, which are added without waiting: there is room for the contents of a pipe.
     */
    private static final int LAST_LINES = CAPACITY + 65_536;
    private static final int LAST_BYTES = 2 * MAX_BYTES;
    private static final int CHUNK = 64;

    private static final long FULL_NANOS = 200_000;
    private static final long MOST_NANOS = 10_000_000;
    private static final Log LOG = Log.get();
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-output-");

    private final MpscUnboundedAtomicArrayQueue<Printed> waiting = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    /** Number of bytes and of lines in the queue. Increased by threads that print, decreased by the drain. */
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger lines = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Set at the end of the cluster. No line is delivered after that. */
    private volatile boolean closed;

    /** Receives the lines of one worker. */
    interface Target {
        /** Delivers a line to the sink. Called by one thread at a time. */
        void deliver(Line line);

        /** Called after each line that was queued, whether or not it was delivered. */
        void done();
    }

    private record Printed(Target target, Line line) {}

    /**
     * Queues a line. Waits while {@value #CAPACITY} lines or {@value #MAX_BYTES} bytes are queued, as long as the
     * worker may wait. After that there is more room, for the last lines of a worker.
     *
     * @return false if the line was dropped, because there was no room and the worker may not wait
     */
    boolean print(Target target, Line line, BooleanSupplier mayWait) {
        var printed = new Printed(target, line);
        boolean interrupted = false;
        boolean taken = offer(printed, CAPACITY, MAX_BYTES);
        long nanos = FULL_NANOS;
        while (!taken && !closed && mayWait.getAsBoolean()) {
            schedule(); // there may have been no thread for the earlier lines
            LockSupport.parkNanos(this, nanos);
            interrupted |= Thread.interrupted();
            nanos = Math.min(2 * nanos, MOST_NANOS);
            taken = offer(printed, CAPACITY, MAX_BYTES);
        }
        taken = taken || offer(printed, LAST_LINES, LAST_BYTES);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        schedule();
        return taken;
    }

    private boolean offer(Printed printed, int mostLines, int mostBytes) {
        if (closed || bytes.get() >= mostBytes || lines.get() >= mostLines) {
            return false;
        }
        lines.incrementAndGet();
        bytes.addAndGet(printed.line.bytes().length);
        boolean added = false;
        try {
            added = waiting.offer(printed);
            return added;
        } finally {
            if (!added) { // no memory
                forget(printed);
            }
        }
    }

    private void forget(Printed printed) {
        lines.decrementAndGet();
        bytes.addAndGet(-printed.line.bytes().length);
    }

    private void schedule() {
        if (!waiting.isEmpty() && scheduled.compareAndSet(false, true)) {
            try {
                ServiceThreads.executeSoon(THREADS, this::drain);
            } catch (RuntimeException | Error e) { // no memory: the thread that prints the next line asks again
                scheduled.set(false);
                LOG.failed("lines of a worker wait", e);
            }
        }
    }

    private void drain() {
        for (Printed next = waiting.poll(); next != null; next = waiting.poll()) {
            forget(next);
            deliver(next);
        }
        scheduled.set(false);
        schedule(); // for a line that was added after the last poll and before the flag was cleared
    }

    private void deliver(Printed printed) {
        try {
            if (!closed) {
                printed.target.deliver(printed.line);
            }
        } catch (Throwable e) { // whatever user code throws
            LOG.failed("the output sink threw an exception; one line is lost", e);
        } finally {
            printed.target.done();
        }
    }

    /** Whether all lines have been delivered. */
    boolean isIdle() {
        return !scheduled.get() && waiting.isEmpty();
    }

    /** Stops delivery, except of the line that the sink is receiving now. Returns the number of lines that are lost. */
    int close() {
        closed = true;
        return waiting.size();
    }
}
