package dev.corral.thread;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The {@link Repetition}s of all lines of a log. Any thread, but where it says otherwise. */
final class Repetitions {
    /** Beyond this number, new ones share a single one per level. */
    static final int MOST = 512;

    private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();
    private static final long CALM_NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<Key, Repetition> known = new ConcurrentHashMap<>();

    /**
     * What lines that are alike have in common.
     *
     * @param place where they come from: the message without its arguments, or the class that makes it
     * @param thrown name of the class of the Throwable, or the empty string
     */
    record Key(Level level, Object place, String thrown) {}

    /** The one of lines with this key; it is made if there is none. */
    Repetition of(Key key, long nowNanos) {
        Repetition found = known.get(key);
        if (found != null) {
            return found;
        }
        Key counted = known.size() < MOST ? key : new Key(key.level, "", "");
        return known.computeIfAbsent(counted, _ -> new Repetition(nowNanos));
    }

    /**
     * Writes a line about each that has left some out, if it is time for it or if it must be now. The writer's thread.
     *
     * @return how many nanoseconds later to call this again
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
        return more ? LOOK_NANOS : CALM_NANOS;
    }
}
