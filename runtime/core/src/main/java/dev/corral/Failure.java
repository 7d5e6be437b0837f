package dev.corral;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * A Throwable of a worker, as text: keeps no class of it alive.
 *
 * @param type name of its class
 * @param message {@link Throwable#getMessage}, or the empty string
 * @param stackTrace as {@link Throwable#printStackTrace()} prints it, causes included; below it a line with the cure where
 *     Corral knows one
 */
public record Failure(String type, String message, String stackTrace) {
    /**
     * Renders the throwable. Calls methods of it, so it belongs on a thread of the worker; where they throw, what they threw
     * is in the text.
     */
    public static Failure of(Throwable thrown) {
        String type = thrown.getClass().getName();
        String message;
        try {
            String text = thrown.getMessage();
            message = text == null ? "" : text;
        } catch (RuntimeException | Error e) {
            message = "(getMessage threw " + e.getClass().getName() + ")";
        }
        var stackTrace = new StringWriter();
        try (var writer = new PrintWriter(stackTrace)) {
            thrown.printStackTrace(writer);
        } catch (RuntimeException | Error e) {
            stackTrace.append("(printStackTrace threw ").append(e.getClass().getName()).append(')');
        }
        String cure = cureOf(thrown);
        if (cure != null) {
            stackTrace.append(cure).append(System.lineSeparator());
        }
        return new Failure(type, message, stackTrace.toString());
    }

    private static @Nullable String cureOf(Throwable thrown) {
        try {
            return Implementation.cureOf(thrown);
        } catch (RuntimeException | Error e) { // of its getCause or getMessage, which are the program's
            return null;
        }
    }

    /** Type and message, on one line. */
    @Override
    public String toString() {
        return message.isEmpty() ? type : type + ": " + message;
    }
}
