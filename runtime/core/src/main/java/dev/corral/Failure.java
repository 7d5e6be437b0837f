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

    /** Returns type and message on one line. If there is no message, the innermost cause follows. */
    @Override
    public String toString() {
        if (!message.isEmpty()) {
            return type + ": " + message;
        }
        int cause = stackTrace.lastIndexOf(CAUSE);
        return cause < 0 ? type
                : type + ", caused by "
                        + stackTrace.substring(cause + CAUSE.length()).lines().findFirst().orElse("");
    }
}
