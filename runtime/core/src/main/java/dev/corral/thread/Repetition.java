package dev.corral.thread;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of the lines that are alike are written. The first {@link #FULL} are written as they are. After them at most one is
 * written per interval, without its stack trace, and with the number of those that were left out. The interval is 1 s at first and doubles
 * up to a minute as long as lines are left out. After a minute without such a line everything begins again.
 *
 * <p>Any thread may call any method; none waits. A thread that finds another one deciding leaves its line out and counts it.
 */
final class Repetition {
    /** This many are written in full. */
    static final int FULL = 3;
    static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
    static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    /** Held by the thread that decides. It owns the fields below this one that are not volatile. */
    private final AtomicBoolean turn = new AtomicBoolean();
    private int written;
    private long intervalNanos = FIRST_NANOS;
    /** When the last one was written, and when the next may be. */
    private long writtenNanos;
    private long nextNanos;
    private final AtomicLong leftOut = new AtomicLong();
    /** Level and text of the last one that was left out. Written by any thread. */
    private volatile @Nullable LogLine latest;
    private volatile long latestNanos;

    Repetition(long nowNanos) {
        latestNanos = nowNanos;
    }

    /** The line to be written for this one; null if it is left out. */
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
        } // else: another thread decides about a line that is like this one
        latest = LogLine.of(level, withThrown(text, thrown), null);
        leftOut.incrementAndGet();
        return null;
    }

    /** A line about those that were left out, if it is time for it or if it must be now; else null. The writer's thread. */
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

    /** The number of those that were left out, as text; counts anew from now on. With the turn. */
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

    /** Whether some were left out that no line has reported. */
    boolean hasLeftOut() {
        return leftOut.get() > 0;
    }

    /** Whether it may be forgotten. */
    boolean isOver(long nowNanos) {
        return leftOut.get() == 0 && nowNanos - latestNanos > LONGEST_NANOS;
    }
}
