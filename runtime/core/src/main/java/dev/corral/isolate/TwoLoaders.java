package dev.corral.isolate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the exception that occurs when an object of one class loader reaches code of another one, and describes
 * the remedy.
 */
public final class TwoLoaders {
    /**
     * The message of HotSpot's {@code SharedRuntime::generate_class_cast_message} if both classes have the same name.
     */
    private static final Pattern MESSAGE = Pattern.compile("class (\\S+) cannot be cast to class \\1 "
            + "\\(\\1 is in .*?of loader ('[^']*'|\\S+)(?: @\\w+)?; \\1 is in .*?of loader ('[^']*'|\\S+?)(?: @\\w+)?\\)");
    private static final int CAUSES = 20;

    private TwoLoaders() {}

    /**
     * Returns one line that describes the remedy, if this exception or one of its causes is such an exception;
     * otherwise null.
     */
    public static @Nullable String cure(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
            if (cause instanceof ClassCastException) {
                String cure = cure(cause.getMessage());
                if (cure != null) {
                    return cure;
                }
            }
        }
        return null;
    }

    private static @Nullable String cure(@Nullable String message) {
        Matcher matcher = MESSAGE.matcher(message == null ? "" : message);
        if (!matcher.find()) {
            return null;
        }
        String type = matcher.group(1).replaceFirst("^\\[+L?", "").replace(";", "");
        String name = type.contains(".") ? type.substring(0, type.lastIndexOf('.')) : type;
        return "The class loaders " + matcher.group(2) + " and " + matcher.group(3) + " each have their own " + type
                + ", and an object of one came to the other. Let them have it in common: withShared(\"" + name
                + "\"), or --share " + name;
    }
}
