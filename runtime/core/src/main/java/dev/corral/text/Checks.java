package dev.corral.text;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/** Checks the arguments of the API. A refusal has the name, the value and the rule. Thread-safe. */
public final class Checks {
    /** The shortest duration that is taken where 0 makes no sense. */
    public static final Duration SHORTEST = Duration.ofMillis(1);
    /** The longest duration that is taken: longer ones could overflow where they are added to a time. */
    public static final Duration LONGEST = Duration.ofDays(365);

    private Checks() {}

    /**
     * Refuses a duration outside of a range that ends with {@link #LONGEST}.
     *
     * @param what the name of the value in the message
     * @throws NullPointerException if the duration is null
     * @throws IllegalArgumentException if the duration is outside of the range
     */
    public static void check(String what, Duration value, Duration least) {
        requireNonNull(value, what);
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw refusal(what, value, least, LONGEST, "");
        }
    }

    /**
     * Refuses a duration that is neither 0 nor in a range.
     *
     * @param what the name of the value in the message
     * @param zero what 0 means, for the message
     * @throws NullPointerException if the duration is null
     * @throws IllegalArgumentException if the duration is outside of the range
     */
    public static void checkUnlessZero(String what, Duration value, Duration least, Duration most, String zero) {
        requireNonNull(value, what);
        if (!value.isZero() && (value.compareTo(least) < 0 || value.compareTo(most) > 0)) {
            throw refusal(what, value, least, most, ", or 0 for " + zero);
        }
    }

    private static IllegalArgumentException refusal(String what, Duration value, Duration least, Duration most,
            String otherwise) {
        return new IllegalArgumentException(what + " is " + Quantities.text(value) + "; it must be from "
                + Quantities.text(least) + " to " + Quantities.text(most) + otherwise);
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
}
