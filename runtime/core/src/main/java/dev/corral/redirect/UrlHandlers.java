package dev.corral.redirect;

import dev.corral.thread.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.net.URLStreamHandler;
import java.net.URLStreamHandlerFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@link URL#setURLStreamHandlerFactory}, which may be called once per JVM: here once per worker. The JVM has one factory,
 * which asks that of the worker that the current thread belongs to; see {@link JvmUrlHandlers}.
 */
@Documented(of = "`URL.setURLStreamHandlerFactory`", becomes = "its own factory, once in each worker")
public final class UrlHandlers implements Redirect {
    private static final Log LOG = Log.get();

    private volatile @Nullable URLStreamHandlerFactory factory;

    /** Without a factory of its own yet. */
    UrlHandlers() {}

    @Replaces(type = URL.class, method = "setURLStreamHandlerFactory")
    void set(@Nullable URLStreamHandlerFactory factory) {
        synchronized (this) {
            if (this.factory != null) {
                throw new Error("factory already defined"); // in the JDK's words
            }
            this.factory = factory;
        }
        if (!JvmUrlHandlers.install()) {
            LOG.log(Level.WARNING, "protocols of {0} are unknown to URLs: java.base/java.net is not opened", factory);
        }
    }

    /** The worker's own handler; null if it has none for this protocol. */
    @Nullable
    URLStreamHandler handlerOf(String protocol) {
        URLStreamHandlerFactory own = factory;
        return own == null ? null : own.createURLStreamHandler(protocol);
    }

    @Override
    public void close() {
        factory = null;
    }

    /** For protocols that the current worker does not know. */
    static IOException unknown(String protocol) {
        return new IOException("unknown protocol: " + protocol);
    }
}
