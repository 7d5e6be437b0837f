package dev.corral.thread;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A line that waits to be written, or a marker between lines.
 *
 * @param thrown a copy of the Throwable, or null
 * @param epochMillis the time at which it was logged
 * @param written null for a line; for a marker, a latch that is counted down when all lines before it are written
 */
record LogLine(Level level, String text, @Nullable Throwable thrown, long epochMillis,
        @Nullable CountDownLatch written) {
    /** A line that is written later than this gets the time at which it was logged. */
    private static final long LATE_MILLIS = 1000;

    static LogLine of(Level level, String text, @Nullable Throwable thrown) {
        return new LogLine(level, text, thrown, System.currentTimeMillis(), null);
    }

    static LogLine marker(CountDownLatch written) {
        return new LogLine(Level.OFF, "", null, 0, written);
    }

    /** Returns the text to write at this time. */
    String textAt(long nowMillis) {
        return nowMillis - epochMillis < LATE_MILLIS ? text
                : text + " (logged at " + Instant.ofEpochMilli(epochMillis) + ")";
    }

    /** Returns the format with each {@code {n}} replaced by an argument. An element without an argument stays. */
    static String filledIn(String format, @Nullable Object @Nullable [] arguments) {
        if (arguments == null || arguments.length == 0) {
            return format;
        }
        var text = new StringBuilder(format.length() + 64);
        for (int i = 0; i < format.length(); i++) {
            int number = i + 2 < format.length() && format.charAt(i) == '{' && format.charAt(i + 2) == '}'
                    ? format.charAt(i + 1) - '0'
                    : -1;
            if (number >= 0 && number < arguments.length) {
                text.append(arguments[number]);
                i += 2;
            } else {
                text.append(format.charAt(i));
            }
        }
        return text.toString();
    }
}
