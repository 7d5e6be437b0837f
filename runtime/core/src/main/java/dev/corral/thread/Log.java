package dev.corral.thread;

import dev.corral.queue.BoundedQueue;
import java.time.Duration;
import java.util.ResourceBundle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The logger of Corral's own code. A call renders the line, puts it into a bounded queue and returns. The daemon thread {@code corral-log}
 * writes the lines to the {@link System.Logger} {@code dev.corral}.
 *
 * <p><b>Callers.</b> Any thread may call any method. No method but {@link #flush} waits, neither for the logger nor for its streams, and
 * no method throws: not if the logger throws, and not if memory or file descriptors are exhausted. The lines of one thread keep their
 * order. Messages and arguments are rendered by the caller, and Throwables are copied, so that a line that waits keeps no object of a worker
 * alive. An argument {@code {n}} is replaced by its {@link Object#toString}; numbers are not grouped.
 *
 * <p><b>Overflow.</b> The queue holds {@link #CAPACITY} lines. When it is full, further lines are dropped; when lines can be written
 * again, a warning reports the number of dropped lines.
 *
 * <p><b>Repetition.</b> Lines are alike if they have the same level, the same message before its arguments are filled in, and the same
 * class of Throwable. {@link Repetition} decides which of them are written.
 */
public final class Log implements System.Logger {
    /** How many lines may wait to be written. */
    public static final int CAPACITY = 1024;

    private static final String NAME = "dev.corral";
    /** For how long {@code threshold} is taken to be up to date. */
    private static final long THRESHOLD_NANOS = Duration.ofMillis(100).toNanos();
    private static final Log LOG = new Log(() -> System.getLogger(NAME), System::nanoTime, CAPACITY);

    final BoundedQueue<LogLine> queue;
    final Repetitions repetitions = new Repetitions();
    /** Lines that were not written, and that no line has reported yet. */
    final AtomicLong dropped = new AtomicLong();
    private final LogWriter writer;
    private final LongSupplier nanos;
    /** Severity of the lowest level that the logger writes. Written by the writer's thread. */
    private volatile int threshold = Level.ALL.getSeverity();
    /** When the threshold was read. Written before it. */
    private volatile long thresholdNanos;

    /** For tests; the thread is started with the first line. */
    Log(Supplier<System.Logger> target, LongSupplier nanos, int capacity) {
        this.nanos = nanos;
        this.queue = new BoundedQueue<>(capacity);
        this.writer = new LogWriter(this, target);
    }

    /** The logger. */
    public static Log get() {
        return LOG;
    }

    /** Starts the thread, unless it runs; a call that fails to start it has no effect, and the next line tries it again. */
    public void start() {
        writer.ensureStarted();
    }

    @Override
    public String getName() {
        return NAME;
    }

    /** Whether the logger wrote such lines when its level was last read. */
    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= threshold && level != Level.OFF;
    }

    @Override
    public void log(Level level, String message) {
        log(level, message, message, null);
    }

    @Override
    public void log(Level level, Supplier<String> message) {
        log(level, message, (Throwable) null);
    }

    @Override
    public void log(Level level, String message, Throwable thrown) {
        log(level, message, message, thrown);
    }

    @Override
    public void log(Level level, Supplier<String> message, @Nullable Throwable thrown) {
        try {
            if (isWanted(level)) {
                log(level, message.getClass(), message.get(), thrown);
            }
        } catch (Throwable e) { // of the supplier: no memory
            dropped.incrementAndGet();
        }
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String message,
            @Nullable Throwable thrown) {
        log(level, String.valueOf(message), String.valueOf(message), thrown);
    }

    @Override
    public void log(Level level, String format, @Nullable Object @Nullable... arguments) {
        log(level, null, format, arguments);
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String format,
            @Nullable Object @Nullable... arguments) {
        try {
            if (isWanted(level)) {
                String message = String.valueOf(format);
                log(level, message, LogLine.filledIn(message, arguments), null);
            }
        } catch (Throwable e) { // of an argument's toString, or no memory
            dropped.incrementAndGet();
        }
    }

    /** Logs a failure as an error. */
    public void failed(String what, Throwable failure) {
        failed(what, "", failure);
    }

    /**
     * Logs a failure as an error. Lines are alike if {@code what} is the same.
     *
     * @param about ends the line: the name of a worker, for example
     */
    public void failed(String what, String about, Throwable failure) {
        try {
            log(Level.ERROR, what, about.isEmpty() ? what : what + about, failure);
        } catch (Throwable e) { // no memory
            dropped.incrementAndGet();
        }
    }

    /**
     * Logs the line, unless there have been too many from this place.
     *
     * @param place what lines that are alike have in common: a message or a class
     */
    private void log(Level level, Object place, String text, @Nullable Throwable thrown) {
        try {
            if (isWanted(level)) {
                String type = thrown == null ? "" : thrown.getClass().getName();
                long now = nanos.getAsLong();
                LogLine line = repetitions.of(new Repetitions.Key(level, place, type), now)
                        .next(level, text, thrown, now);
                if (line != null) {
                    enqueue(line);
                }
            }
        } catch (Throwable e) { // no memory
            dropped.incrementAndGet();
        }
    }

    private void enqueue(LogLine line) {
        if (!queue.offer(line)) {
            dropped.incrementAndGet();
        }
        writer.ensureStarted();
    }

    /** A line below the threshold is passed on now and then, for the threshold may have changed. */
    private boolean isWanted(Level level) {
        return isLoggable(level) || (level != Level.OFF && nanos.getAsLong() - thresholdNanos > THRESHOLD_NANOS
                && queue.size() == 0);
    }

    /** The lowest level that is written; called by the writer's thread. */
    void setThreshold(Level lowest) {
        thresholdNanos = nanos.getAsLong();
        threshold = lowest.getSeverity();
    }

    long nanos() {
        return nanos.getAsLong();
    }

    /**
     * Waits until all lines that were logged before this call have been written, and the counts of those left out.
     *
     * @return false if that took longer, or the current thread was interrupted; then it is interrupted again
     */
    public boolean flush(Duration atMost) {
        if (writer.isCurrent()) {
            return false;
        }
        var written = new CountDownLatch(1);
        long start = System.nanoTime();
        try {
            writer.ensureStarted();
            return queue.put(LogLine.marker(written), atMost.toNanos()) == BoundedQueue.Outcome.TAKEN
                    && written.await(atMost.toNanos() - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
