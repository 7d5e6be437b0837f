package dev.corral.reap;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import dev.corral.jdk.JdkInternal;
import dev.corral.thread.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Ends an HTTP server of the JDK, by means of the server's private fields and methods. Used by one thread. */
public final class JdkHttpServer {
    private static final Log LOG = Log.get();
    private static final @Nullable Class<?> IMPLEMENTATION = JdkInternal.STOP_HTTP_SERVER.type();

    private final Object server;
    /** The call that stops the server; null before {@link #stop}. */
    private @Nullable Future<?> stop;

    JdkHttpServer(Object server) {
        this.server = server;
    }

    /** Returns the server that owns a loop; null if its owner is no HTTP server. */
    static @Nullable JdkHttpServer of(JdkLoop loop) {
        return loop.owner().getClass() == IMPLEMENTATION ? new JdkHttpServer(loop.owner()) : null;
    }

    /** Makes the server close its connections: from this call on its answers contain {@code Connection: close}. */
    public void closeWithAnswers() {
        try {
            Object contexts = JdkInternal.HTTP_CONTEXTS.field().get(server);
            synchronized (contexts) {
                for (Object context : (List<?>) JdkInternal.HTTP_CONTEXT_LIST.field().get(contexts)) {
                    ((HttpContext) context).getFilters().addFirst(new Closing());
                }
            }
        } catch (ReflectiveOperationException | RuntimeException e) { // this JDK works in another way
            LOG.log(Level.DEBUG, "an HTTP server cannot announce its end in its answers", e);
        }
    }

    /** Runs before the filters of the program. */
    private static final class Closing extends Filter {
        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            exchange.getResponseHeaders().set("Connection", "close");
            chain.doFilter(exchange);
        }

        @Override
        public String description() {
            return "announces the end of the server to clients";
        }
    }

    /**
     * Stops the server: it takes no more connections, finishes its exchanges and ends. Returns at once.
     *
     * @param seconds the time after which the server closes unfinished exchanges
     * @param threads runs the call that waits for the end
     */
    public void stop(int seconds, Executor threads) {
        var task = new FutureTask<>(() -> {
            stop(server, seconds);
            return null;
        });
        stop = task;
        threads.execute(task);
    }

    static void stop(Object server, int seconds) throws ReflectiveOperationException {
        Method stop = JdkInternal.STOP_HTTP_SERVER.reflected();
        try {
            stop.invoke(server, seconds);
        } catch (InvocationTargetException e) {
            throw new ReflectiveOperationException("stopping an HTTP server", e.getCause());
        }
    }

    /** Returns whether the server has ended, or could not be stopped. */
    public boolean hasEnded() {
        return stop != null && stop.isDone();
    }

    /**
     * Makes the server check, after {@link #stop}, whether its exchanges are finished. The server checks by itself
     * after each answer, but not after the end of a connection that it counted as an exchange. Does nothing before the
     * call of {@link #stop} has reached the server, because the server asserts that it is about to stop.
     */
    public void remind() {
        try {
            if (!(boolean) JdkInternal.HTTP_TERMINATING.field().get(server)) {
                return;
            }
            JdkInternal.ADD_HTTP_EVENT.reflected().invoke(server, JdkInternal.HTTP_STOP_REQUEST.create());
        } catch (ReflectiveOperationException | RuntimeException e) { // this JDK works in another way
            LOG.log(Level.DEBUG, "an HTTP server may not end before its deadline", e);
        }
    }
}
