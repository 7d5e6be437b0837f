package dev.corral.thread;

import org.jspecify.annotations.Nullable;

/** Prints as another Throwable does, and keeps no object of it, nor its class. */
final class ThrowableCopy extends Throwable {
    private static final long serialVersionUID = 1L;
    /** Causes and suppressed ones below a Throwable; those further down are left out, for there may be a cycle. */
    private static final int MOST_LEVELS = 16;
    private static final int MOST_SUPPRESSED = 8;

    private final String text;

    ThrowableCopy(String text, @Nullable Throwable cause) {
        super(text, cause, true, true);
        this.text = text;
    }

    /** Does not throw, unless there is no memory; calls methods of the original. */
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
        } catch (RuntimeException | Error e) { // of methods that the original's class has overridden
            return new ThrowableCopy(original.getClass().getName() + " (which threw " + e.getClass().getName() + ")",
                    null);
        }
    }

    /** As {@link Throwable#toString}; does not throw, unless there is no memory. */
    static String textOf(Throwable original) {
        try {
            return String.valueOf(original);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) { // the class has overridden it
            return original.getClass().getName() + " (toString threw " + e.getClass().getName() + ")";
        }
    }

    /** The stack trace is the original's. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // it has to name the class of the original
    public String toString() {
        return text;
    }
}
