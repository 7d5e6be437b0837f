package dev.corral.redirect;

import dev.corral.Failure;
import dev.corral.WorkerKilled;
import dev.corral.thread.Retry;
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
@Documented(of = "uncaught exceptions, the default handler",
        becomes = "its own; what nobody handles ends this worker with code 1, as in Node (`withUncaughtEnds(false)`: is only printed, as in Java); an OutOfMemoryError ends it in any case")
public final class UncaughtExceptions implements Redirect, UncaughtExceptionHandler {
    /** Made while there was memory. */
    private static final Failure OUT_OF_MEMORY =
            new Failure(OutOfMemoryError.class.getName(), "", OutOfMemoryError.class.getName());

    private final BooleanSupplier ending;
    private final Supplier<PrintStream> error;
    private final Consumer<Failure> crash;
    private final boolean ends;
    private volatile @Nullable UncaughtExceptionHandler handler;

    /**
     * For one worker.
     *
     * @param ending whether the worker is being ended by force, so that what its threads throw says nothing
     * @param error where they are printed
     * @param crash ends the worker
     * @param ends whether it is ended by what nobody handles; an OutOfMemoryError ends it in any case
     */
    public UncaughtExceptions(BooleanSupplier ending, Supplier<PrintStream> error, Consumer<Failure> crash,
            boolean ends) {
        this.ending = ending;
        this.error = error;
        this.crash = crash;
        this.ends = ends;
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
        if (thrown instanceof WorkerKilled || isEnding()) {
            return;
        }
        if (thrown instanceof OutOfMemoryError) {
            outOfMemory(thread, thrown);
            return;
        }
        UncaughtExceptionHandler own = handler;
        if (own != null) {
            own.uncaughtException(thread, thrown);
            return;
        }
        Failure failure = Failure.of(thrown);
        print(thread, failure);
        if (ends) {
            crash.accept(failure);
        }
    }

    /** Whether the worker is being ended by force. */
    boolean isEnding() {
        return ending.getAsBoolean();
    }

    /**
     * What has left an upcall ends the worker, whatever that has a handler for: a JVM of its own would end as well. Throws nothing, for
     * native code has called.
     */
    void leftUpcall(Thread thread, Throwable thrown) {
        if (thrown instanceof WorkerKilled || isEnding()) {
            return;
        }
        Failure failure = OUT_OF_MEMORY;
        try {
            failure = Failure.of(thrown);
            print(thread, failure);
        } catch (Throwable _) {
            // no memory or no stack for that; the worker ends all the same
        }
        crashSurely(failure);
    }

    private void print(Thread thread, Failure failure) {
        error.get().print("Exception in thread \"" + thread.getName() + "\" " + failure.stackTrace());
    }

    /** The heap is everybody's, so whoever runs out of it goes, whatever it has a handler for; telling why may need more than there is. */
    private void outOfMemory(Thread thread, Throwable thrown) {
        Failure failure = OUT_OF_MEMORY;
        try {
            failure = Failure.of(thrown);
            UncaughtExceptionHandler own = handler;
            if (own != null) {
                own.uncaughtException(thread, thrown);
            } else {
                print(thread, failure);
            }
        } catch (Throwable _) {
            // no memory for that, or a handler that has the same failure
        }
        crashSurely(failure);
    }

    private void crashSurely(Failure failure) {
        for (int failures = 1; !isEnding(); failures++) {
            try {
                crash.accept(failure);
                return;
            } catch (VirtualMachineError _) { // no memory, or no stack
                Retry.pause(failures);
            }
        }
    }

    @Override
    public void close() {
        handler = null;
    }
}
