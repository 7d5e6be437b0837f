package dev.corral;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * A Throwable of a worker, as text. It keeps no class of the worker reachable.
 *
 * @param type the name of the Throwable's class
 * @param message {@link Throwable#getMessage}, or the empty string if that is null
 * @param stackTrace the text that {@link Throwable#printStackTrace()} prints, including causes. If Corral knows a
 *        remedy, the last line describes it
 */
public record Failure(String type, String message, String stackTrace) {
    private static final String CAUSE = "\nCaused by: ";
    private static final String FOUND = CorralException.class.getName() + ": ";

    /**
     * Creates the text of a Throwable. This method calls methods of the Throwable, which are the worker's code, so call
     * it on a thread of the worker. If they throw, the text names the exception.
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
        } catch (RuntimeException | Error e) { // getCause and getMessage are the program's code and may throw
            return null;
        }
    }

    /**
     * Returns type and message on one line. The innermost cause follows if there is no message, or if Corral has found
     * the cause.
     */
    @Override
    public String toString() {
        int start = stackTrace.lastIndexOf(CAUSE);
        String cause = start < 0 ? ""
                : stackTrace.substring(start + CAUSE.length()).lines().findFirst().orElse("");
        if (cause.startsWith(FOUND)) {
            return type + ": " + message + ": " + cause.substring(FOUND.length());
        }
        return message.isEmpty() ? type + (cause.isEmpty() ? "" : ", caused by " + cause) : type + ": " + message;
    }
}
