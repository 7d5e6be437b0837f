package dev.corral.redirect.exit;

import dev.corral.Failure;
import dev.corral.WorkerKilled;
import dev.corral.thread.Retry;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions that leave a thread of the worker. The worker's default handler gets them. Without one they are printed,
 * as in Java, and end the worker if that is configured.
 */
@Documented(of = "uncaught exceptions, the default handler",
        becomes = "its own default handler. Without one, an uncaught exception ends this worker with code 1, as in Node "
                + "(`withUncaughtEnds(false)`: it is only printed, as in Java). An OutOfMemoryError ends the worker in any case")
public final class UncaughtExceptions implements Redirect, UncaughtExceptionHandler {
    /** Created in advance, because there may be no memory when it is needed. */
    private static final Failure OUT_OF_MEMORY =
            new Failure(OutOfMemoryError.class.getName(), "", OutOfMemoryError.class.getName());

    private final BooleanSupplier ending;
    private final FailurePrinter printer;
    private final Consumer<Failure> crash;
    private final boolean ends;
    /**
     * The failure of a thread that had no stack left to end the worker; null if there is none. Set by any thread of the
     * worker, read by {@link #crashIfPending}.
     */
    private volatile @Nullable Failure pending;
    /** The worker's default handler. Set by any thread of the worker. */
    private volatile @Nullable UncaughtExceptionHandler handler;

    /**
     * The redirect of one worker.
     *
     * @param ending whether the worker is being killed; the exceptions of its threads are then a consequence of that,
     *        and are ignored
     * @param printer prints the exceptions that no handler takes
     * @param crash ends the worker
     * @param ends whether an exception without a handler ends the worker. An OutOfMemoryError ends it in any case
     */
    public UncaughtExceptions(BooleanSupplier ending, FailurePrinter printer, Consumer<Failure> crash,
            boolean ends) {
        this.ending = ending;
        this.printer = printer;
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

    /**
     * Called by the JVM on the thread that threw, if neither the thread nor a thread group of the program handles the
     * exception.
     */
    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        if (thrown instanceof WorkerKilled || isEnding()) {
            return;
        }
        if (thrown instanceof OutOfMemoryError) {
            outOfMemory(thread, thrown);
            return;
        }
        try {
            handle(thread, thrown);
        } catch (OutOfMemoryError _) { // the JVM would ignore it, and the worker would continue without the thread
            crashSurely(OUT_OF_MEMORY);
        }
    }

    private void handle(Thread thread, Throwable thrown) {
        UncaughtExceptionHandler own = handler;
        if (own != null) {
            own.uncaughtException(thread, thrown);
            return;
        }
        Failure failure = Failure.of(thrown);
        printer.print(thread, failure);
        if (ends) {
            crashSurely(failure);
        }
    }

    /** Whether the worker is being killed. */
    public boolean isEnding() {
        return ending.getAsBoolean();
    }

    /**
     * Ends the worker because of an exception that has left an upcall, whether or not the worker has a default handler:
     * a JVM would end as well. Throws nothing, because native code is the caller.
     */
    public void leftUpcall(Thread thread, Throwable thrown) {
        if (thrown instanceof WorkerKilled || isEnding()) {
            return;
        }
        Failure failure = OUT_OF_MEMORY;
        try {
            failure = Failure.of(thrown);
            printer.print(thread, failure);
        } catch (Throwable _) {
            // there is no memory or stack to describe it; the worker ends anyway
        }
        crashSurely(failure);
    }

    /**
     * Ends the worker whether or not it has a default handler, because all workers share the heap. Describing the
     * failure, and the handler, may need more memory than there is.
     */
    private void outOfMemory(Thread thread, Throwable thrown) {
        Failure failure = OUT_OF_MEMORY;
        try {
            failure = Failure.of(thrown);
            UncaughtExceptionHandler own = handler;
            if (own != null) {
                own.uncaughtException(thread, thrown);
            } else {
                printer.print(thread, failure);
            }
        } catch (Throwable _) {
            // there is no memory to describe it, or the handler has failed in the same way
        }
        crashSurely(failure);
    }

    /**
     * Tries again until the worker is being ended: an end that is requested here must not be lost for lack of memory. A
     * thread without stack would fail each time, so another thread ends the worker.
     */
    private void crashSurely(Failure failure) {
        for (int failures = 1; !isEnding(); failures++) {
            try {
                crash.accept(failure);
                return;
            } catch (StackOverflowError _) {
                pending = failure;
                return;
            } catch (VirtualMachineError _) { // no memory
                Retry.pause(failures);
            }
        }
    }

    /**
     * Ends the worker if one of its threads had no stack left to do so. The thread that counts the threads of workers
     * calls this in each round.
     */
    public void crashIfPending() {
        Failure failure = pending;
        if (failure != null && !isEnding()) {
            crash.accept(failure);
            pending = null; // last: if there is no memory, the next call tries again
        }
    }

    @Override
    public void close() {
        handler = null;
    }
}
