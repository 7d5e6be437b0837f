package dev.corral.text;

import java.time.Duration;
import java.util.Locale;

/** Writes durations and sizes in the unit that a person would choose. Thread-safe. */
public final class Quantities {
    private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB", "PB", "EB"};
    private static final long FACTOR = 1024;
    /** Below this number of a unit, one decimal place is written. */
    private static final int FEW = 10;

    private Quantities() {}

    /**
     * Returns a duration as text: {@code 500 ns}, {@code 340 ms}, {@code 2.3 s}, {@code 12 s}, {@code 2 min 5 s},
     * {@code 3 h 12 min}, {@code 2 d 3 h}. Less than a minute is rounded down to the last digit; more, to the smaller
     * unit.
     */
    public static String text(Duration duration) {
        if (duration.isNegative()) {
            return duration.toSeconds() == Long.MIN_VALUE ? duration.toString() : "-" + text(duration.negated());
        }
        if (duration.toDays() > 0) {
            return two(duration.toDays(), "d", duration.toHoursPart(), "h");
        }
        if (duration.toHours() > 0) {
            return two(duration.toHours(), "h", duration.toMinutesPart(), "min");
        }
        if (duration.toMinutes() > 0) {
            return two(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
        }
        long tenths = duration.toMillis() / 100;
        if (duration.toMillis() == 0 && !duration.isZero()) {
            return duration.toNanos() + " ns";
        }
        if (duration.toSeconds() == 0 && !duration.isZero()) {
            return duration.toMillis() + " ms";
        }
        return duration.toSeconds() < FEW && tenths % 10 != 0 ? tenths / 10 + "." + tenths % 10 + " s"
                : duration.toSeconds() + " s";
    }

    private static String two(long number, String unit, int smaller, String smallerUnit) {
        return number + " " + unit + (smaller == 0 ? "" : " " + smaller + " " + smallerUnit);
    }

    /**
     * Returns a number of bytes as text, in powers of 1024: {@code 512 bytes}, {@code 3.5 KB}, {@code 297 MB},
     * {@code 50 GB}. Rounds to the nearest number.
     */
    public static String bytes(long bytes) {
        int unit = 0;
        double number = bytes;
        while (number >= FACTOR && unit < UNITS.length - 1) {
            number /= FACTOR;
            unit++;
        }
        boolean hasFraction = unit > 0 && number < FEW && Math.round(number * 10) % 10 != 0;
        return String.format(Locale.ROOT, hasFraction ? "%.1f %s" : "%.0f %s", number, UNITS[unit]);
    }
}
