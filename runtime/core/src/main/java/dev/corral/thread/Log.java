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
 * The logger of Corral's own code. A call renders the line, puts it into a bounded queue and returns. The daemon thread
 * {@code corral-log} writes the lines to the {@link System.Logger} {@code dev.corral}.
 *
 * <p><b>Callers.</b> Any thread may call any method. No method except {@link #flush} waits, neither for the logger nor
 * for its streams. No method throws an exception, even if the logger throws, or memory or file descriptors are
 * exhausted. The lines of one thread keep their order. The caller renders messages and arguments and copies Throwables,
 * so a waiting line keeps no object of a worker reachable. A format element {@code {n}} is replaced by the
 * {@link Object#toString} of an argument; numbers are not grouped.
 *
 * <p><b>Overflow.</b> The queue holds {@link #CAPACITY} lines. When it is full, further lines are dropped. When lines
 * can be written again, a warning reports the number of dropped lines.
 *
 * <p><b>Repetition.</b> Lines are alike if they have the same level, the same message before its arguments are filled
 * in, and the same class of Throwable. {@link Repetition} decides which of them are written.
 */
public final class Log implements System.Logger {
    /** The number of lines that may wait to be written. */
    public static final int CAPACITY = 1024;

    private static final String NAME = "dev.corral";
    /** How long {@link #threshold} counts as up to date. */
    private static final long THRESHOLD_NANOS = Duration.ofMillis(100).toNanos();
    private static final Log LOG = new Log(() -> System.getLogger(NAME), System::nanoTime, CAPACITY);

    final BoundedQueue<LogLine> queue;
    final Repetitions repetitions = new Repetitions();
    /** The number of lines that were not written, and that no warning has reported yet. */
    final AtomicLong dropped = new AtomicLong();
    private final LogWriter writer;
    private final LongSupplier nanos;
    /** The severity of the lowest level that the logger writes. Written by the writer's thread. */
    private volatile int threshold = Level.ALL.getSeverity();
    /** The time at which the threshold was read, as of {@link #nanos}. Written before the threshold. */
    private volatile long thresholdNanos;

    /** Creates a log, for tests. Its thread starts with the first line. */
    Log(Supplier<System.Logger> target, LongSupplier nanos, int capacity) {
        this.nanos = nanos;
        this.queue = new BoundedQueue<>(capacity);
        this.writer = new LogWriter(this, target);
    }

    /** Returns the logger of Corral. */
    public static Log get() {
        return LOG;
    }

    /** Starts the writer's thread, unless it runs. If it cannot be started, the next line tries again. */
    public void start() {
        writer.ensureStarted();
    }

    @Override
    public String getName() {
        return NAME;
    }

    /** Whether the logger wrote lines of this level when its level was last read. */
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
        } catch (Throwable e) { // thrown by the supplier: no memory
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
        } catch (Throwable e) { // thrown by an argument's toString, or no memory
            dropped.incrementAndGet();
        }
    }

    /**
     * Logs a line that is no repetition of any other, such as an event of a cluster. It is never left out because of
     * lines like it.
     */
    public void event(Level level, String text) {
        try {
            if (isWanted(level)) {
                enqueue(LogLine.of(level, text, null));
            }
        } catch (Throwable e) { // no memory
            dropped.incrementAndGet();
        }
    }

    /** Logs a failure with level ERROR. */
    public void failed(String what, Throwable failure) {
        failed(what, "", failure);
    }

    /**
     * Logs a failure with level ERROR. Lines are alike if {@code what} is the same.
     *
     * @param about the end of the line, for example the name of a worker
     */
    public void failed(String what, String about, Throwable failure) {
        try {
            log(Level.ERROR, what, about.isEmpty() ? what : what + about, failure);
        } catch (Throwable e) { // no memory
            dropped.incrementAndGet();
        }
    }

    /**
     * Logs the line, unless there were too many lines like it.
     *
     * @param place what alike lines have in common: a message, or the class of a supplier
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

    /**
     * Whether the line must be passed on. A line below the threshold is passed on from time to time, because the
     * threshold may have changed.
     */
    private boolean isWanted(Level level) {
        return isLoggable(level) || (level != Level.OFF && nanos.getAsLong() - thresholdNanos > THRESHOLD_NANOS
                && queue.size() == 0);
    }

    /** Sets the lowest level that is written. Called by the writer's thread. */
    void setThreshold(Level lowest) {
        thresholdNanos = nanos.getAsLong();
        threshold = lowest.getSeverity();
    }

    long nanos() {
        return nanos.getAsLong();
    }

    /**
     * Waits until all lines that were logged before this call are written, and the counts of omitted lines.
     *
     * @return false if the time was up, or if the thread was interrupted; its interrupt status is set then
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
