package dev.corral.portable;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The segments of the path to a value in a message. */
final class ValuePath {
    private static final int MAX_KEY = 40;

    private ValuePath() {}

    /** Returns the first segment for a body of this class. */
    static String root(Class<?> type) {
        String name = type.getSimpleName();
        if (type.isArray()) {
            return "array";
        }
        return name.isEmpty() || type.isHidden() ? "body"
                : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    static String index(int index) {
        return "[" + index + "]";
    }

    /** Returns the segment for the value at this key. Runs no code of a program. */
    static String key(@Nullable Object key) {
        return switch (key) {
            case String text -> "[\"" + (text.length() <= MAX_KEY ? text : text.substring(0, MAX_KEY) + "...") + "\"]";
            case Enum<?> constant -> "[" + constant.name() + "]";
            case Number number when Codec.of(number.getClass()) == Codec.REFERENCE -> "[" + number + "]";
            case null, default -> "[key]";
        };
    }
}
