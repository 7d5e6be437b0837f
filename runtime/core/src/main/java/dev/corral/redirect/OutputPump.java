package dev.corral.redirect;

import dev.corral.OutputSink;
import dev.corral.queue.Failures;
import dev.corral.queue.Log;
import dev.corral.queue.ServiceThreads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * Carries the lines of one worker to where they go, on a thread that is the worker's while there are lines. Keeps the last
 * ones.
 *
 * <p>The threads come from a pool of daemon threads that all workers have in common; a worker holds at most one. Whoever sets
 * {@code scheduled} starts a drain, and only a drain clears it, so there is one consumer at a time.
 */
final class OutputPump {
    static final int CAPACITY = 1024;
    static final int KEPT = 200;

    private static final long FULL_NANOS = 200_000;
    private static final Log LOG = Log.get();
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-output-");

    private final Lines target;
    private final MpscAtomicArrayQueue<Line> waiting = new MpscAtomicArrayQueue<>(CAPACITY);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Guarded by its monitor. */
    private final Deque<String> last = new ArrayDeque<>();
    private volatile boolean closed;

    /** Where lines go; {@link OutputSink} of one worker. */
    interface Lines {
        void line(boolean error, String text);
    }

    private record Line(boolean error, String text) {}

    OutputPump(Lines target) {
        this.target = target;
    }

    /** Queues the line; waits while {@value #CAPACITY} are waiting. Dropped once the pump is closed. */
    void print(boolean error, String text) {
        var line = new Line(error, text);
        boolean interrupted = false;
        while (!closed && !waiting.offer(line)) {
            LockSupport.parkNanos(this, FULL_NANOS);
            interrupted |= Thread.interrupted();
            schedule(); // there may have been no thread for those before
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        schedule();
    }

    private void schedule() {
        if (!waiting.isEmpty() && scheduled.compareAndSet(false, true)) {
            try {
                THREADS.execute(this::drain);
            } catch (RuntimeException | Error e) { // no thread to be had: whoever prints the next line asks again
                scheduled.set(false);
                Failures.tell(LOG, "lines of a worker wait", e);
            }
        }
    }

    private void drain() {
        for (Line line = waiting.poll(); line != null; line = waiting.poll()) {
            deliver(line);
        }
        scheduled.set(false);
        schedule(); // for a line that came between the last poll and the clear
    }

    private void deliver(Line line) {
        try {
            try {
                keep(line.text);
            } finally {
                target.line(line.error, line.text);
            }
        } catch (Throwable e) { // whatever user code throws
            Failures.tell(LOG, "the output sink threw; a line is lost: ", line.text, e);
        }
    }

    private void keep(String text) {
        synchronized (last) {
            if (last.size() == KEPT) {
                last.removeFirst();
            }
            last.addLast(text);
        }
    }

    /** Waits until all lines have been delivered, at most so long; true if they have. */
    boolean flush(long nanos) {
        long start = System.nanoTime();
        while (scheduled.get() || !waiting.isEmpty()) {
            if (System.nanoTime() - start > nanos) {
                return false;
            }
            LockSupport.parkNanos(this, FULL_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
        }
        return true;
    }

    void close() {
        closed = true;
    }

    /** The last lines that were delivered. */
    List<String> last() {
        synchronized (last) {
            return new ArrayList<>(last);
        }
    }
}
