package dev.corral.redirect.exit;

import dev.corral.Failure;
import java.io.PrintStream;
import java.util.function.Function;
import java.util.function.Supplier;

/** Prints the uncaught exceptions of one worker, as a JVM does. Thread-safe. */
public final class FailurePrinter {
    private final String worker;
    private final Supplier<PrintStream> error;
    private final Function<Thread, String> threadName;
    private final RecentFailures recent;

    /**
     * The printer of one worker.
     *
     * @param worker the name of the worker
     * @param error the stream
     * @param threadName returns the name of a thread as the worker's code sees it
     * @param recent what the workers of the cluster have printed
     */
    public FailurePrinter(String worker, Supplier<PrintStream> error, Function<Thread, String> threadName,
            RecentFailures recent) {
        this.worker = worker;
        this.error = error;
        this.threadName = threadName;
        this.recent = recent;
    }

    /** Prints an exception: with its stack trace, unless another worker has printed the same trace just now. */
    void print(Thread thread, Failure failure) {
        String before = recent.printedBefore(worker, failure.stackTrace());
        String text = before == null || before.equals(worker) ? failure.stackTrace()
                : failure + " (" + before + " has printed the same stack trace)" + System.lineSeparator();
        error.get().print("Exception in thread \"" + threadName.apply(thread) + "\" " + text);
    }
}
