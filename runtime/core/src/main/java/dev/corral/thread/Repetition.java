package dev.corral.thread;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of the lines that are alike are written. The first {@link #FULL} lines are written in full. After that,
 * at most one line per interval is written, without its stack trace, and with the number of lines that were omitted.
 * The interval is 1 s at first. It doubles, up to one minute, as long as lines are omitted. After one minute without
 * such a line everything starts again.
 *
 * <p>Any thread may call any method; no method waits. If another thread is deciding at the same moment, the caller
 * omits its line and counts it.
 */
final class Repetition {
    /** The number of lines that are written in full. */
    static final int FULL = 3;
    static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
    static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    /** Held by the thread that decides. The following fields that are not volatile belong to that thread. */
    private final AtomicBoolean turn = new AtomicBoolean();
    private int written;
    private long intervalNanos = FIRST_NANOS;
    /** The time at which the last line was written. */
    private long writtenNanos;
    /** The earliest time for the next line. */
    private long nextNanos;
    private final AtomicLong leftOut = new AtomicLong();
    /** Level and text of the line that was omitted last. Written by any thread. */
    private volatile @Nullable LogLine latest;
    private volatile long latestNanos;

    Repetition(long nowNanos) {
        latestNanos = nowNanos;
    }

    /** Returns the line to write; null if this line is omitted. */
    @Nullable
    LogLine next(Level level, String text, @Nullable Throwable thrown, long nowNanos) {
        boolean wasQuiet = nowNanos - latestNanos > LONGEST_NANOS;
        latestNanos = nowNanos;
        if (turn.compareAndSet(false, true)) {
            try {
                if (wasQuiet) {
                    written = 0;
                    intervalNanos = FIRST_NANOS;
                }
                if (written < FULL) {
                    written++;
                    String counted = text + taken(nowNanos);
                    return LogLine.of(level, counted, thrown == null ? null : ThrowableCopy.of(thrown));
                }
                if (nowNanos - nextNanos >= 0) {
                    return LogLine.of(level, withThrown(text, thrown) + taken(nowNanos), null);
                }
            } finally {
                turn.set(false);
            }
        } // else: another thread decides about a line like this one
        latest = LogLine.of(level, withThrown(text, thrown), null);
        leftOut.incrementAndGet();
        return null;
    }

    /**
     * Returns a line about the omitted lines; null if there are none, or if it is not yet time and {@code now} is
     * false. Called by the writer's thread.
     */
    @Nullable
    LogLine summary(long nowNanos, boolean now) {
        LogLine last = latest;
        if (last == null || leftOut.get() == 0 || !turn.compareAndSet(false, true)) {
            return null;
        }
        try {
            if (!now && nowNanos - nextNanos < 0) {
                return null;
            }
            String count = taken(nowNanos);
            return count.isEmpty() ? null : LogLine.of(last.level(), last.text() + count, null);
        } finally {
            turn.set(false);
        }
    }

    /** Returns the number of omitted lines as text, and resets it. Called by the thread that holds the turn. */
    private String taken(long nowNanos) {
        long count = leftOut.getAndSet(0);
        long seconds = Math.max(1, Math.round((nowNanos - writtenNanos) / 1e9));
        intervalNanos = count > 0 ? Math.min(2 * intervalNanos, LONGEST_NANOS)
                : Math.max(intervalNanos / 2, FIRST_NANOS);
        writtenNanos = nowNanos;
        nextNanos = nowNanos + intervalNanos;
        return count == 0 ? ""
                : " (... " + count + (count == 1 ? " more time" : " more times") + " in the last " + seconds + " s)";
    }

    private static String withThrown(String text, @Nullable Throwable thrown) {
        return thrown == null ? text : text + ": " + ThrowableCopy.textOf(thrown);
    }

    /** Whether lines were omitted that no line has reported. */
    boolean hasLeftOut() {
        return leftOut.get() > 0;
    }

    /** Whether this object can be removed. */
    boolean isOver(long nowNanos) {
        return leftOut.get() == 0 && nowNanos - latestNanos > LONGEST_NANOS;
    }
}
