package dev.corral.redirect.net;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.thread.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.net.URLStreamHandler;
import java.net.URLStreamHandlerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The factory of {@link URL#setURLStreamHandlerFactory}. It may be set once per JVM; here it may be set once per
 * worker. The JVM's factory is then a {@linkplain JvmUrlHandlers dispatcher}.
 */
@Documented(of = "`URL.setURLStreamHandlerFactory`", becomes = "its own factory, which it may set once")
public final class UrlHandlers implements Redirect {
    private static final Log LOG = Log.get();

    /** Written under the monitor. */
    private volatile @Nullable URLStreamHandlerFactory factory;

    /** The redirect of a worker without a factory. */
    public UrlHandlers() {}

    @Replaces(type = URL.class, method = "setURLStreamHandlerFactory")
    void set(@Nullable URLStreamHandlerFactory factory) {
        synchronized (this) {
            if (this.factory != null) {
                throw new Error("factory already defined"); // the JDK's message
            }
            this.factory = factory;
        }
        if (!JvmUrlHandlers.install()) {
            LOG.log(Level.WARNING, "protocols of {0} are unknown to URLs: Corral has no access to java.base/java.net",
                    factory);
        }
    }

    /** The worker's handler of this protocol; null if it has none. */
    @Nullable
    URLStreamHandler handlerOf(String protocol) {
        URLStreamHandlerFactory own = factory;
        return own == null ? null : own.createURLStreamHandler(protocol);
    }

    @Override
    public void close() {
        factory = null;
    }

    /** The failure for a protocol that the current worker does not know. */
    static IOException unknown(String protocol) {
        return new IOException("unknown protocol: " + protocol);
    }
}
