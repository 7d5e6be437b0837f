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
 * The thread that writes the lines of a {@link Log}. It may wait for the logger for as long as that takes, and whatever the logger throws
 * costs at most the line. If the thread ends all the same, the next line starts another.
 */
final class LogWriter implements Runnable {
    /** Of one line. */
    private static final int MOST_TRIES = 3;
    /** Lines between two looks at what else there is to report. */
    private static final int LINES = 256;
    /** For the lines that wait when the JVM shuts down. */
    private static final Duration LAST = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = 10_000_000;

    private final Log log;
    private final Supplier<Logger> target;
    private final ServiceThread thread = new ServiceThread("", "corral-log", this).notVital();
    private final AtomicBoolean hooked = new AtomicBoolean();
    /** Owned by the thread, as the fields below. */
    private @Nullable Logger logger;
    private int lines;

    LogWriter(Log log, Supplier<Logger> target) {
        this.log = log;
        this.target = target;
    }

    boolean isCurrent() {
        return thread.isCurrent();
    }

    /** Any thread; does not throw. */
    void ensureStarted() {
        try {
            thread.startSoon();
            if (!hooked.get() && hooked.compareAndSet(false, true)) {
                flushAtShutdown();
            }
        } catch (Throwable e) {
            // no memory or no thread: the next line tries it again
        }
        if (thread.hasEnded()) {
            thread.lookAfter();
        }
    }

    private void flushAtShutdown() {
        try {
            Runtime.getRuntime().addShutdownHook(ServiceThreads.builder().name("corral-log-flush").unstarted(() -> {
                boolean _ = log.flush(LAST);
            }));
        } catch (IllegalStateException | OutOfMemoryError e) {
            // the JVM is shutting down already; or the last lines may get lost
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
     * The first record needs file descriptors: the configuration of the loggers, the rules of the time zones and the names of the levels
     * are read from files. There may be none left when there is something to log, and a class whose initialiser has failed stays unusable.
     */
    private void prepare() {
        readThreshold();
        try {
            var record = new LogRecord(java.util.logging.Level.SEVERE, "prepared");
            record.setThrown(new ThrowableCopy("prepared", null));
            String _ = new SimpleFormatter().format(record);
        } catch (LinkageError e) {
            // a JVM without java.util.logging, whose loggers come from elsewhere
        }
    }

    /** Writes a line, or waits for one. */
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
     * Writes how many lines were dropped or left out.
     *
     * @param now whether it has to be now, or if it is time for it
     * @return how many nanoseconds later to do this again
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

    /** False if the logger throws each time. */
    private boolean wrote(LogLine line) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                logger().log(line.level(), (ResourceBundle) null, line.textAt(System.currentTimeMillis()),
                        line.thrown());
                return true;
            } catch (Throwable e) { // there is nobody to report it to
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
            // it stays as it is; the logger decides about each line anyway
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
