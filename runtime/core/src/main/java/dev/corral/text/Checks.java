package dev.corral.text;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/** Checks the arguments of the API. A refusal has the name, the value and the rule. Thread-safe. */
public final class Checks {
    /** The shortest duration that is taken where 0 makes no sense. */
    public static final Duration SHORTEST = Duration.ofMillis(1);
    /** Longer durations count as this one where they are added to a time, which must not overflow. */
    private static final Duration CENTURY = Duration.ofDays(36_500);

    private Checks() {}

    /**
     * Refuses a duration that is too short.
     *
     * @param what the name of the value in the message
     * @throws NullPointerException if the duration is null
     * @throws IllegalArgumentException if the duration is too short
     */
    public static void check(String what, Duration value, Duration least) {
        if (requireNonNull(value, what).compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    what + " is " + Quantities.text(value) + "; it must be " + Quantities.text(least) + " or more");
        }
    }

    /**
     * Refuses a duration that is neither 0 nor long enough.
     *
     * @param what the name of the value in the message
     * @param zero what 0 means, for the message
     * @throws NullPointerException if the duration is null
     * @throws IllegalArgumentException if the duration is too short
     */
    public static void checkUnlessZero(String what, Duration value, Duration least, String zero) {
        if (!requireNonNull(value, what).isZero() && value.compareTo(least) < 0) {
            throw new IllegalArgumentException(what + " is " + Quantities.text(value) + "; it must be "
                    + Quantities.text(least) + " or more, or 0 for " + zero);
        }
    }

    /**
     * Refuses a number outside of a range.
     *
     * @param what the name of the value in the message
     * @param most the largest number; {@link Integer#MAX_VALUE} for a range without an end
     * @return the number
     * @throws IllegalArgumentException if the number is outside of the range
     */
    public static int check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be "
                    + (most == Integer.MAX_VALUE ? least + " or more" : "from " + least + " to " + most));
        }
        return value;
    }

    /**
     * Refuses null, and an array that contains null.
     *
     * @param what the name of the array in the message
     * @return an unmodifiable copy
     * @throws NullPointerException if the array or an element is null
     */
    public static <T> List<T> elements(String what, T[] values) {
        for (T value : requireNonNull(values, what)) {
            requireNonNull(value, what);
        }
        return List.of(values);
    }

    /** Returns the duration, or a century (36,500 days) if it is longer. Such durations can be added to a time. */
    public static Duration atMostACentury(Duration value) {
        return value.compareTo(CENTURY) > 0 ? CENTURY : value;
    }
}
