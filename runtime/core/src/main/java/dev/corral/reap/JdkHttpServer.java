package dev.corral.reap;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import dev.corral.jdk.PrivateFields;
import dev.corral.thread.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** An HTTP server of the JDK that is to end, over its private parts. Used by one thread. */
public final class JdkHttpServer {
    private static final Log LOG = Log.get();
    private static final String IMPLEMENTATION = "sun.net.httpserver.ServerImpl";

    private final Object server;
    /** The stop, once it was begun. */
    private @Nullable Future<?> stop;

    private JdkHttpServer(Object server) {
        this.server = server;
    }

    /** That this loop is of; null if it is none. */
    static @Nullable JdkHttpServer of(JdkLoop loop) {
        return loop.owner().getClass().getName().equals(IMPLEMENTATION) ? new JdkHttpServer(loop.owner()) : null;
    }

    /** From now on its answers say {@code Connection: close}, and it closes their connections. */
    public void closeWithAnswers() {
        try {
            Object contexts = field(server, "contexts");
            synchronized (contexts) {
                for (Object context : (List<?>) field(contexts, "list")) {
                    ((HttpContext) context).getFilters().addFirst(new Closing());
                }
            }
        } catch (ReflectiveOperationException | RuntimeException e) { // a JDK that does it in another way
            LOG.log(Level.DEBUG, "answers of an HTTP server do not tell that it ends", e);
        }
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        VarHandle field = PrivateFields.of(object.getClass(), name);
        if (field == null) {
            throw new NoSuchFieldException(object.getClass().getName() + "." + name);
        }
        return field.get(object);
    }

    /** Before the filters of the program. */
    private static final class Closing extends Filter {
        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            exchange.getResponseHeaders().set("Connection", "close");
            chain.doFilter(exchange);
        }

        @Override
        public String description() {
            return "tells clients that the server ends";
        }
    }

    /**
     * Has it take no more connections, finish its exchanges and end. Returns at once.
     *
     * @param seconds after which it closes what is not finished
     * @param threads one of which waits for that
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
        Method stop = server.getClass().getDeclaredMethod("stop", int.class);
        stop.setAccessible(true);
        try {
            stop.invoke(server, seconds);
        } catch (InvocationTargetException e) {
            throw new ReflectiveOperationException("stopping an HTTP server", e.getCause());
        }
    }

    /** Whether it has ended, or could not be stopped. */
    public boolean hasEnded() {
        return stop != null && stop.isDone();
    }

    /**
     * Has it look, after {@link #stop}, whether its exchanges are done. It does so by itself when it has answered one, but not when a
     * connection has ended that it took to have a request.
     */
    public void remind() {
        try {
            Class<?> request = Class.forName(server.getClass().getPackageName() + ".Event$StopRequested");
            Constructor<?> constructor = request.getDeclaredConstructor();
            constructor.setAccessible(true);
            Method addEvent = server.getClass().getDeclaredMethod("addEvent", request.getSuperclass());
            addEvent.setAccessible(true);
            addEvent.invoke(server, constructor.newInstance());
        } catch (ReflectiveOperationException | RuntimeException e) { // a JDK that does it in another way
            LOG.log(Level.DEBUG, "an HTTP server may end at its deadline only", e);
        }
    }
}
