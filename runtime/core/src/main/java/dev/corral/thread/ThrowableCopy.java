package dev.corral.thread;

import org.jspecify.annotations.Nullable;

/** A copy of a Throwable that prints like the original, but does not refer to it or to its class. */
final class ThrowableCopy extends Throwable {
    private static final long serialVersionUID = 1L;
    /** The deepest chain of causes that is copied. Deeper ones are omitted, because there may be a cycle. */
    private static final int MOST_LEVELS = 16;
    private static final int MOST_SUPPRESSED = 8;

    private final String text;

    ThrowableCopy(String text, @Nullable Throwable cause) {
        super(text, cause, true, true);
        this.text = text;
    }

    /** Copies the original, and calls its methods. Throws nothing but OutOfMemoryError. */
    static Throwable of(Throwable original) {
        return of(original, MOST_LEVELS);
    }

    private static ThrowableCopy of(Throwable original, int levels) {
        try {
            Throwable cause = levels == 0 ? null : original.getCause();
            var copy = new ThrowableCopy(textOf(original), cause == null ? null : of(cause, levels - 1));
            copy.setStackTrace(original.getStackTrace());
            Throwable[] suppressed = levels == 0 ? new Throwable[0] : original.getSuppressed();
            for (int i = 0; i < Math.min(suppressed.length, MOST_SUPPRESSED); i++) {
                copy.addSuppressed(of(suppressed[i], 0));
            }
            return copy;
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) { // thrown by methods that the original's class overrides
            return new ThrowableCopy(original.getClass().getName() + " (which threw " + e.getClass().getName() + ")",
                    null);
        }
    }

    /** Returns the text of {@link Throwable#toString}. Throws nothing but OutOfMemoryError. */
    static String textOf(Throwable original) {
        try {
            return String.valueOf(original);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) { // thrown by the overridden toString
            return original.getClass().getName() + " (toString threw " + e.getClass().getName() + ")";
        }
    }

    /** Does nothing, because the stack trace is copied from the original. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // it names the class of the original
    public String toString() {
        return text;
    }
}
