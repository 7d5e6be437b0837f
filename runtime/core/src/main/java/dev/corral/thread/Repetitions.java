package dev.corral.thread;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The {@link Repetition}s of all lines of a log. Any thread may call these methods, except where noted. */
final class Repetitions {
    /** The highest number of repetitions. Beyond it, further lines share one repetition per level. */
    static final int MOST = 512;

    private static final long CHECK_NANOS = Duration.ofMillis(500).toNanos();
    private static final long CALM_NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<Key, Repetition> known = new ConcurrentHashMap<>();

    /**
     * The properties that alike lines have in common.
     *
     * @param place the message without its arguments, or the class that creates it
     * @param thrown the class name of the Throwable, or the empty string
     */
    record Key(Level level, Object place, String thrown) {}

    /** Returns the repetition for this key; creates it if there is none. */
    Repetition of(Key key, long nowNanos) {
        Repetition found = known.get(key);
        if (found != null) {
            return found;
        }
        Key counted = known.size() < MOST ? key : new Key(key.level, "", "");
        return known.computeIfAbsent(counted, _ -> new Repetition(nowNanos));
    }

    /**
     * Writes a line about each repetition that has omitted lines, if it is time for that or {@code now} is true. Called
     * by the writer's thread.
     *
     * @return the number of nanoseconds until the next call
     */
    long writeSummaries(long nowNanos, boolean now, Consumer<LogLine> write) {
        boolean more = false;
        for (Repetition each : known.values()) {
            LogLine line = each.summary(nowNanos, now);
            if (line != null) {
                write.accept(line);
            }
            more |= each.hasLeftOut();
        }
        known.values().removeIf(each -> each.isOver(nowNanos));
        return more ? CHECK_NANOS : CALM_NANOS;
    }
}
