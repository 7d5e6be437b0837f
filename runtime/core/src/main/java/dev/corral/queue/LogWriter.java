package dev.corral.queue;

import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
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
    /** Replaced by the thread that starts another. */
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final AtomicLong restarts = new AtomicLong();
    /** Owned by the thread, as the fields below. */
    private @Nullable Logger logger;
    private int lines;

    LogWriter(Log log, Supplier<Logger> target) {
        this.log = log;
        this.target = target;
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread.get();
    }

    long restarts() {
        return restarts.get();
    }

    /** Any thread; does not throw. */
    void ensureStarted() {
        Thread before = thread.get();
        if (before != null && before.isAlive()) {
            return;
        }
        try {
            Thread next = ServiceThreads.builder().name("corral-log").unstarted(this);
            if (before != null && before.getState() == Thread.State.NEW) {
                return; // another thread is about to start it
            }
            if (thread.compareAndSet(before, next)) {
                start(next, before);
            }
        } catch (Throwable e) {
            // no memory or no thread: the next line tries it again
        }
    }

    private void start(Thread next, @Nullable Thread before) {
        try {
            next.start();
            if (before == null) {
                flushAtShutdown();
            } else {
                restarts.incrementAndGet();
            }
        } catch (Throwable e) {
            thread.set(before); // so that the next line tries it again
            throw e;
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
        while (true) {
            try {
                turn();
            } catch (Throwable e) { // no memory
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Writes a line, or waits for one. */
    private void turn() {
        LogLine next = log.queue.poll();
        if (next == null) {
            log.queue.await(reportTheRest(false));
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
        if (!isWritten(line)) {
            log.dropped.incrementAndGet();
        }
    }

    private void reportDropped() {
        long count = log.dropped.get();
        if (count > 0
                && isWritten(LogLine.of(Level.WARNING, count + " lines of this log were dropped, because lines came "
                        + "faster than they could be written, or because writing them failed", null))) {
            log.dropped.addAndGet(-count);
        }
    }

    /** False if the logger throws each time. */
    private boolean isWritten(LogLine line) {
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
