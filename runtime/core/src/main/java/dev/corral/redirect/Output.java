package dev.corral.redirect;

import dev.corral.OutputSink.Line;
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
 * The standard streams that are printed on: each worker has its own, and may replace them. What it prints goes line by line to
 * the sink, in the bytes that it printed. The charset of the streams is the JVM's ({@code stdout.encoding},
 * {@code stderr.encoding}), as in plain Java.
 */
@Documented(of = "`System.out`, `System.err`",
        becomes = "lines with its name and slot, in the bytes that it prints; `setOut`, `setErr` change its own; none is lost at "
                + "a crash")
public final class Output implements Redirect {
    /** Lines that are kept for the end. */
    static final int KEPT = 200;

    private static final long LOOK_NANOS = 200_000;

    private final OutputPump pump;
    private final Consumer<Line> sink;
    private final BooleanSupplier condemned;
    private final Target target = new Target();
    private final Stream out = new Stream(false, "stdout.encoding");
    private final Stream err = new Stream(true, "stderr.encoding");
    /** The last lines that were printed. Guarded by its monitor. */
    private final Deque<Line> last = new ArrayDeque<>();
    /** Lines that are in the pump or at the sink. */
    private final AtomicInteger undelivered = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Of a worker in this slot.
     *
     * @param sink takes the lines; one thread at a time
     * @param condemned whether the worker is being killed, so that its threads may not wait for the sink any more
     */
    public Output(OutputPumps pumps, int slot, Consumer<Line> sink, BooleanSupplier condemned) {
        this.pump = pumps.of(slot);
        this.sink = sink;
        this.condemned = condemned;
    }

    /** The worker, as its lines come out of the pump. */
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

    /** One of the two, made when it is first used: a stream and its buffers take some 30 KiB. */
    private final class Stream {
        private final boolean error;
        private final Charset charset;
        private @Nullable LineSplitter splitter;
        /** What the worker prints on; its own, or what it set. */
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

    /** Where lines are cut, for what writes to them in another way. */
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
     * Ends lines that have begun and waits, at most so long, until the sink has taken all. What it has not taken by then is
     * delivered later.
     *
     * @return whether the sink has taken all
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

    /** The last lines that it printed, at most {@value #KEPT}. */
    public List<String> last() {
        synchronized (last) {
            return last.stream().map(Line::text).toList();
        }
    }

    /** How many lines were dropped because there was no room for them when the worker was killed. */
    public int lost() {
        return lost.get();
    }

    /** What is printed later is dropped. */
    @Override
    public void close() {
        closed = true;
    }
}
