package dev.corral.thread;

import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The thread that writes the lines of a {@link Log}. It may wait for the logger without limit. An exception of the
 * logger costs at most the line. If the thread ends nevertheless, the next line starts another one.
 */
final class LogWriter implements Runnable {
    /** The number of attempts to write one line. */
    private static final int MOST_TRIES = 3;
    /** The number of lines between two reports of dropped and omitted lines. */
    private static final int LINES = 256;
    /** The time for waiting lines when the JVM shuts down. */
    private static final Duration LAST = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = 10_000_000;

    private final Log log;
    private final Supplier<Logger> target;
    private final ServiceThread thread = new ServiceThread("", "corral-log", this).notVital();
    private final AtomicBoolean hooked = new AtomicBoolean();
    /** The logger; null before the first line. This field and the next are used by the thread only. */
    private @Nullable Logger logger;
    private int lines;

    LogWriter(Log log, Supplier<Logger> target) {
        this.log = log;
        this.target = target;
    }

    boolean isCurrent() {
        return thread.isCurrent();
    }

    /** Starts the thread if it does not run. Any thread may call this; it does not throw. */
    void ensureStarted() {
        try {
            thread.startSoon();
            if (!hooked.get() && hooked.compareAndSet(false, true)) {
                flushAtShutdown();
            }
        } catch (Throwable e) {
            // no memory or no thread: the next line tries again
        }
        if (thread.hasEnded()) {
            thread.supervise();
        }
    }

    private void flushAtShutdown() {
        try {
            Runtime.getRuntime().addShutdownHook(ServiceThreads.builder().name("corral-log-flush").unstarted(() -> {
                boolean _ = log.flush(LAST);
            }));
        } catch (IllegalStateException | OutOfMemoryError e) {
            // the JVM is shutting down already, or there is no memory; the last lines may get lost
        }
    }

    @Override
    public void run() {
        prepare();
        while (true) {
            turn();
        }
    }

    /**
     * Prepares the formatting of log records. The first record needs file descriptors, because the logger
     * configuration, the time zone rules and the level names are read from files. When there is something to log, no
     * descriptor may be left, and a class whose initializer has failed stays unusable.
     */
    private void prepare() {
        readThreshold();
        try {
            var record = new LogRecord(java.util.logging.Level.SEVERE, "prepared");
            record.setThrown(new ThrowableCopy("prepared", null));
            String _ = new SimpleFormatter().format(record);
        } catch (LinkageError e) {
            // this JVM has no java.util.logging, and gets its loggers elsewhere
        }
    }

    /** Writes one line, or waits for one. */
    private void turn() {
        thread.busy();
        LogLine next = log.queue.poll();
        if (next == null) {
            long waitNanos = reportTheRest(false);
            thread.idle();
            log.queue.await(waitNanos);
        } else if (next.written() != null) {
            try {
                long _ = reportTheRest(true);
            } finally {
                next.written().countDown();
            }
        } else {
            write(next);
            if (++lines >= LINES) {
                long _ = reportTheRest(false);
            }
        }
    }

    /**
     * Writes the numbers of lines that were dropped or omitted.
     *
     * @param now whether they are written even if it is not yet time for it
     * @return the number of nanoseconds until the next call
     */
    private long reportTheRest(boolean now) {
        lines = 0;
        readThreshold();
        reportDropped();
        return log.repetitions.writeSummaries(log.nanos(), now, this::write);
    }

    private void write(LogLine line) {
        if (!wrote(line)) {
            log.dropped.incrementAndGet();
        }
    }

    private void reportDropped() {
        long count = log.dropped.get();
        if (count > 0
                && wrote(LogLine.of(Level.WARNING, count + " lines of this log were dropped, because lines came "
                        + "faster than they could be written, or because writing them failed", null))) {
            log.dropped.addAndGet(-count);
        }
    }

    /** Writes the line; false if the logger throws each time. */
    private boolean wrote(LogLine line) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                logger().log(line.level(), (ResourceBundle) null, line.textAt(System.currentTimeMillis()),
                        line.thrown());
                return true;
            } catch (Throwable e) { // it cannot be reported anywhere
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return false;
    }

    private void readThreshold() {
        try {
            Level lowest = Level.OFF;
            for (Level level : Level.values()) {
                if (lowest == Level.OFF && level != Level.ALL && logger().isLoggable(level)) {
                    lowest = level;
                }
            }
            log.setThreshold(lowest);
        } catch (Throwable e) {
            // the threshold stays; the logger decides about each line anyway
        }
    }

    private Logger logger() {
        Logger known = logger;
        if (known == null) {
            known = target.get();
            logger = known;
        }
        return known;
    }
}
