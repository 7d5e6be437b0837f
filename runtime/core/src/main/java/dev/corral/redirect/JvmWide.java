package dev.corral.redirect;

import dev.corral.WorkerKilled;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is installed once per JVM, while a cluster is open, for effects that start inside the JDK: {@code printStackTrace}
 * prints on {@code System.err} without passing woven code, and an exception that leaves a virtual thread goes to the default
 * handler. Each dispatcher asks who the current thread belongs to, and leaves alone what belongs to nobody.
 */
public final class JvmWide {
    /** Tells the redirects of the worker that the current thread belongs to. Set with the first user. */
    private static volatile Supplier<@Nullable Redirects> current = () -> null;
    /** Clusters that need it. Guarded by the class's monitor, like the rest. */
    private static int users;
    private static @Nullable PrintStream out;
    private static @Nullable PrintStream err;
    private static @Nullable Dispatcher handler;

    private JvmWide() {}

    /** Installs the dispatchers, unless they are. To be undone by {@link #release}. */
    public static synchronized void use(Supplier<@Nullable Redirects> current) {
        if (users == 0) {
            JvmWide.current = current;
            out = new DispatchingStream(System.out, dispatch(current, Output::out, System.out));
            err = new DispatchingStream(System.err, dispatch(current, Output::err, System.err));
            handler = new Dispatcher(current, Thread.getDefaultUncaughtExceptionHandler());
            System.setOut(out); // from here on nothing fails
            System.setErr(err);
            Thread.setDefaultUncaughtExceptionHandler(handler);
        }
        users++;
    }

    /** The redirect of this kind of the worker that the current thread belongs to; null in the master. */
    static <R extends Redirect> @Nullable R ofCurrentThread(Class<R> type) {
        Redirects redirects = current.get();
        return redirects == null ? null : redirects.get(type);
    }

    private static Supplier<PrintStream> dispatch(Supplier<@Nullable Redirects> current,
            Function<Output, PrintStream> own, PrintStream otherwise) {
        return () -> {
            Redirects redirects = current.get();
            return redirects == null ? otherwise : own.apply(redirects.get(Output.class));
        };
    }

    /** Removes the dispatchers with their last user, where nobody has replaced them meanwhile. */
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
                return; // of a thread that a virtual one has made, so that it is in no group of the worker
            }
            if (redirects != null) {
                redirects.get(UncaughtExceptions.class).uncaughtException(thread, thrown);
            } else if (original != null) {
                original.uncaughtException(thread, thrown);
            } else { // as ThreadGroup does it
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                thrown.printStackTrace();
            }
        }
    }
}
