package dev.corral.redirect;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The standard streams that are printed on: each worker has its own, and may replace them. What it prints goes line by line to
 * the sink.
 */
@Effect(of = "`System.out`, `System.err`",
        becomes = "lines with its name and slot; `setOut`, `setErr` change its own; none is lost at a crash")
public final class Output implements Redirect {
    private final OutputPump pump;
    private final Stream out = new Stream(false);
    private final Stream err = new Stream(true);

    /** With what takes a line: first whether it is of standard error, then its text. */
    public Output(BiConsumer<Boolean, String> sink) {
        pump = new OutputPump(sink::accept);
    }

    /** One of the two, made when it is first used: a stream and its buffers take some 30 KiB. */
    private final class Stream {
        private final boolean error;
        private @Nullable LineSplitter splitter;
        /** What the worker prints on; its own, or what it set. */
        private volatile @Nullable PrintStream current;

        Stream(boolean error) {
            this.error = error;
        }

        PrintStream get() {
            PrintStream stream = current;
            return stream != null ? stream : make();
        }

        private synchronized PrintStream make() {
            PrintStream stream = current;
            if (stream == null) {
                splitter = new LineSplitter(line -> pump.print(error, line));
                stream = new PrintStream(splitter, true, StandardCharsets.UTF_8);
                current = stream;
            }
            return stream;
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

    /** Ends lines that have begun and waits, at most so long, until the sink has taken all. True if it has. */
    public boolean flush(Duration atMost) {
        try {
            out.finish();
            err.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return pump.flush(atMost.toNanos());
    }

    /** The last lines that it printed, at most {@value OutputPump#KEPT}. */
    public List<String> last() {
        return pump.last();
    }

    @Override
    public void close() {
        pump.close();
    }
}
