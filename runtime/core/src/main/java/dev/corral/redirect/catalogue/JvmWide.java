package dev.corral.redirect.catalogue;

import dev.corral.WorkerKilled;
import dev.corral.redirect.CurrentWorker;
import dev.corral.redirect.Redirects;
import dev.corral.redirect.exit.UncaughtExceptions;
import dev.corral.redirect.stdio.DispatchingStream;
import dev.corral.redirect.stdio.Output;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The dispatchers that are installed once per JVM while a cluster is open, for effects that begin inside the JDK:
 * {@code printStackTrace} prints on {@code System.err} without a woven call, and an exception that leaves a virtual
 * thread reaches the default handler. A dispatcher asks which worker the current thread belongs to, and does for other
 * threads what the JVM did before.
 */
public final class JvmWide {
    /** Number of open clusters. Guarded by the class's monitor, like the other fields. */
    private static int users;
    private static @Nullable PrintStream out;
    private static @Nullable PrintStream err;
    private static @Nullable Dispatcher handler;

    private JvmWide() {}

    /**
     * Installs the dispatchers if they are not installed yet. Each call must be followed by one of {@link #release}.
     *
     * @param current returns the redirects of the worker that the current thread belongs to; null for a thread of no
     *        worker
     */
    public static synchronized void use(Supplier<@Nullable Redirects> current) {
        if (users == 0) {
            CurrentWorker.findBy(current);
            out = new DispatchingStream(System.out, dispatch(current, Output::out, System.out));
            err = new DispatchingStream(System.err, dispatch(current, Output::err, System.err));
            handler = new Dispatcher(current, Thread.getDefaultUncaughtExceptionHandler());
            System.setOut(out); // nothing below this line fails
            System.setErr(err);
            Thread.setDefaultUncaughtExceptionHandler(handler);
        }
        users++;
    }

    private static Supplier<PrintStream> dispatch(Supplier<@Nullable Redirects> current,
            Function<Output, PrintStream> own, PrintStream otherwise) {
        return () -> {
            Redirects redirects = current.get();
            return redirects == null ? otherwise : own.apply(redirects.get(Output.class));
        };
    }

    /**
     * Removes the dispatchers with the last cluster. One that the embedding program has replaced in the meantime is
     * left alone.
     */
    public static synchronized void release() {
        if (--users > 0) {
            return;
        }
        if (System.out == out && out instanceof DispatchingStream stream) {
            System.setOut(stream.original());
        }
        if (System.err == err && err instanceof DispatchingStream stream) {
            System.setErr(stream.original());
        }
        if (handler != null && Thread.getDefaultUncaughtExceptionHandler() == handler) {
            Thread.setDefaultUncaughtExceptionHandler(handler.original);
        }
        out = null;
        err = null;
        handler = null;
    }

    /** The default handler of the JVM. */
    private record Dispatcher(Supplier<@Nullable Redirects> current, @Nullable UncaughtExceptionHandler original)
            implements
                UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            Redirects redirects = current.get();
            if (thrown instanceof WorkerKilled) {
                return; // a platform thread that a virtual thread has created is in no group of the worker
            }
            if (redirects != null) {
                redirects.get(UncaughtExceptions.class).uncaughtException(thread, thrown);
            } else if (original != null) {
                original.uncaughtException(thread, thrown);
            } else { // as ThreadGroup does
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                thrown.printStackTrace();
            }
        }
    }
}
