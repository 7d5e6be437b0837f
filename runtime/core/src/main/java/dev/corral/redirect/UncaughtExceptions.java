package dev.corral.redirect;

import dev.corral.Failure;
import dev.corral.WorkerKilled;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions that leave a thread of the worker: its own default handler takes them; else they are printed, as Java does, and
 * end the worker where that is configured.
 */
@Effect(of = "uncaught exceptions, the default handler",
        becomes = "its own; what nobody handles ends this worker with code 1, as in Node (`withUncaughtEnds(false)`: is only printed, as in Java)")
public final class UncaughtExceptions implements Redirect, UncaughtExceptionHandler {
    private final BooleanSupplier ending;
    private final Supplier<PrintStream> error;
    private final @Nullable Consumer<Failure> crash;
    private volatile @Nullable UncaughtExceptionHandler handler;

    /**
     * For one worker.
     *
     * @param ending whether the worker is being ended by force, so that what its threads throw says nothing
     * @param error where they are printed
     * @param crash what they lead to; null for nothing
     */
    public UncaughtExceptions(BooleanSupplier ending, Supplier<PrintStream> error, @Nullable Consumer<Failure> crash) {
        this.ending = ending;
        this.error = error;
        this.crash = crash;
    }

    @Replaces(type = Thread.class, method = "setDefaultUncaughtExceptionHandler")
    void setDefault(@Nullable UncaughtExceptionHandler handler) {
        this.handler = handler;
    }

    @Replaces(type = Thread.class, method = "getDefaultUncaughtExceptionHandler")
    @Nullable
    UncaughtExceptionHandler getDefault() {
        return handler;
    }

    /** Called on the thread that threw, by the JVM, when neither it nor a group of its own takes the exception. */
    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        if (thrown instanceof WorkerKilled || ending.getAsBoolean()) {
            return;
        }
        UncaughtExceptionHandler own = handler;
        if (own != null) {
            own.uncaughtException(thread, thrown);
            return;
        }
        Failure failure = Failure.of(thrown);
        error.get().print("Exception in thread \"" + thread.getName() + "\" " + failure.stackTrace());
        if (crash != null) {
            crash.accept(failure);
        }
    }

    @Override
    public void close() {
        handler = null;
    }
}
