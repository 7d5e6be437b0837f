package dev.corral.redirect.stdio;

import dev.corral.OutputSink.Line;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Standard output and standard error: each worker has its own, and may replace them. What it prints goes to the sink
 * line by line, in the bytes that it printed. The charset of the streams is the JVM's ({@code stdout.encoding}, {@code
 * stderr.encoding}), as in plain Java.
 */
@Documented(of = "`System.out`, `System.err`",
        becomes = "lines with its name, in the bytes that it prints. `setOut` and `setErr` change its own streams. No line is "
                + "lost at a crash")
public final class Output implements Redirect {
    /** Number of the last lines that are kept for the report of an exit. */
    static final int KEPT = 200;

    /** Time between two checks whether all lines have been delivered. */
    private static final long LOOK_NANOS = 200_000;

    private final OutputPump pump;
    private final Consumer<Line> sink;
    private final BooleanSupplier condemned;
    private final Target target = new Target();
    private final Stream out = new Stream(false, "stdout.encoding");
    private final Stream err = new Stream(true, "stderr.encoding");
    /** The last lines that were printed. Guarded by its monitor. */
    private final Deque<Line> last = new ArrayDeque<>();
    /** Number of lines that are in the pump or at the sink. */
    private final AtomicInteger undelivered = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean closed;

    /**
     * The output of a worker in this slot.
     *
     * @param sink receives the lines; it is called by one thread at a time
     * @param condemned whether the worker is being killed; its threads must not wait for the sink any more then
     */
    public Output(OutputPumps pumps, int slot, Consumer<Line> sink, BooleanSupplier condemned) {
        this.pump = pumps.of(slot);
        this.sink = sink;
        this.condemned = condemned;
    }

    /** Receives this worker's lines from the pump. */
    private final class Target implements OutputPump.Target {
        @Override
        public void deliver(Line line) {
            sink.accept(line);
        }

        @Override
        public void done() {
            undelivered.decrementAndGet();
        }
    }

    /**
     * One of the two streams. The stream is created at its first use, because it takes some 30 KiB with its buffers.
     */
    private final class Stream {
        private final boolean error;
        private final Charset charset;
        /** Guarded by the monitor. */
        private @Nullable LineSplitter splitter;
        /** The stream that the worker prints on: Corral's, or the one that the worker has set. */
        private volatile @Nullable PrintStream current;

        Stream(boolean error, String encoding) {
            this.error = error;
            this.charset = Charset.forName(System.getProperty(encoding, ""), StandardCharsets.UTF_8);
        }

        PrintStream get() {
            PrintStream stream = current;
            return stream != null ? stream : make();
        }

        private synchronized PrintStream make() {
            PrintStream stream = current;
            if (stream == null) {
                stream = new PrintStream(splitter(), true, charset);
                current = stream;
            }
            return stream;
        }

        synchronized LineSplitter splitter() {
            LineSplitter used = splitter;
            if (used == null) {
                used = new LineSplitter((bytes, part, end) -> print(new Line(error, bytes, charset, part, end)));
                splitter = used;
            }
            return used;
        }

        void set(PrintStream stream) {
            current = stream;
        }

        void finish() throws InterruptedException {
            LineSplitter used;
            synchronized (this) {
                used = splitter;
            }
            if (used != null) {
                used.finish();
            }
        }
    }

    private void print(Line line) {
        if (closed) {
            return;
        }
        keep(line);
        undelivered.incrementAndGet();
        boolean taken = false;
        try {
            taken = pump.print(target, line, () -> !condemned.getAsBoolean() && !closed);
        } finally {
            if (!taken) {
                undelivered.decrementAndGet();
                lost.incrementAndGet();
            }
        }
    }

    private void keep(Line line) {
        synchronized (last) {
            if (last.size() == KEPT) {
                last.removeFirst();
            }
            last.addLast(line);
        }
    }

    /** The splitter of standard error, or of standard output, for another way to print on it. */
    LineSplitter lines(boolean error) {
        return (error ? err : out).splitter();
    }

    /** Standard output of the worker. */
    @Replaces(type = System.class, field = "out")
    public PrintStream out() {
        return out.get();
    }

    /** Standard error of the worker. */
    @Replaces(type = System.class, field = "err")
    public PrintStream err() {
        return err.get();
    }

    @Replaces(type = System.class, method = "setOut")
    void setOut(PrintStream stream) {
        out.set(stream);
    }

    @Replaces(type = System.class, method = "setErr")
    void setErr(PrintStream stream) {
        err.set(stream);
    }

    /**
     * Ends lines that have begun, and waits for at most this time until the sink has received all lines. The others are
     * delivered later.
     *
     * @return whether the sink has received all lines
     */
    public boolean flush(Duration atMost) {
        try {
            out.finish();
            err.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long start = System.nanoTime();
        while (undelivered.get() > 0) {
            if (System.nanoTime() - start > atMost.toNanos() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        return true;
    }

    /** The last lines that the worker printed, at most {@value #KEPT}. */
    public List<String> last() {
        synchronized (last) {
            return last.stream().map(Line::text).toList();
        }
    }

    /** Number of lines that were dropped because there was no room for them when the worker was killed. */
    public int lost() {
        return lost.get();
    }

    /** Drops what is printed later. */
    @Override
    public void close() {
        closed = true;
    }
}
