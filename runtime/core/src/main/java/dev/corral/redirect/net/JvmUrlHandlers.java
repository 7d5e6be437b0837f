package dev.corral.redirect.net;

import dev.corral.jdk.JdkInternal;
import dev.corral.redirect.CurrentWorker;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.URLStreamHandlerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's factory of URL handlers while workers have their own: a dispatcher. The JDK keeps the first handler of each
 * protocol for ever. So this factory returns a stand-in, which stores the handler of the worker that creates a URL in
 * that URL. Needs {@code java.base/java.net} opened.
 */
final class JvmUrlHandlers implements URLStreamHandlerFactory {
    /** The factory of the embedding program. */
    private final @Nullable URLStreamHandlerFactory before;

    private JvmUrlHandlers(@Nullable URLStreamHandlerFactory before) {
        this.before = before;
    }

    /**
     * Installs the dispatcher if it is not installed yet. Returns false if {@code java.net} is not opened, or the JDK
     * works in another way.
     */
    static synchronized boolean install() {
        if (Jdk.INSTANCE == null) {
            return false;
        }
        var now = (URLStreamHandlerFactory) Jdk.INSTANCE.factory.getVolatile();
        if (!(now instanceof JvmUrlHandlers)) {
            Jdk.INSTANCE.factory.setVolatile((URLStreamHandlerFactory) new JvmUrlHandlers(now));
        }
        return true;
    }

    @Override
    public @Nullable URLStreamHandler createURLStreamHandler(String protocol) {
        if (ofCurrentWorker(protocol) != null) {
            return new StandIn(protocol);
        }
        return before == null ? null : before.createURLStreamHandler(protocol);
    }

    private static @Nullable URLStreamHandler ofCurrentWorker(String protocol) {
        UrlHandlers current = CurrentWorker.redirect(UrlHandlers.class);
        return current == null ? null : current.handlerOf(protocol);
    }

    /** A handler that passes each URL on to its worker's handler, at the first call that needs one. */
    private static final class StandIn extends URLStreamHandler {
        private final String protocol;

        StandIn(String protocol) {
            this.protocol = protocol;
        }

        private URLStreamHandler handOver(URL url) throws IOException {
            URLStreamHandler own = ofCurrentWorker(protocol);
            if (own == null) {
                throw UrlHandlers.unknown(protocol);
            }
            Jdk.get().handler.set(url, own);
            return own;
        }

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            return Jdk.get().openConnection(handOver(url), url);
        }

        @Override
        protected URLConnection openConnection(URL url, Proxy proxy) throws IOException {
            return Jdk.get().openConnection(handOver(url), url, proxy);
        }

        @Override
        protected void parseURL(URL url, String spec, int start, int limit) {
            try {
                Jdk.get().parse(handOver(url), url, spec, start, limit);
            } catch (IOException e) {
                throw new IllegalArgumentException(e.getMessage(), e); // the constructor of URL turns it into a MalformedURLException
            }
        }
    }

    /** Private fields and methods of the JDK. */
    private static final class Jdk {
        static final @Nullable Jdk INSTANCE = create();

        final VarHandle factory;
        final VarHandle handler;
        private final MethodHandle openConnection;
        private final MethodHandle openConnectionThroughProxy;
        private final MethodHandle parseUrl;

        private Jdk() throws ReflectiveOperationException {
            factory = JdkInternal.URL_FACTORY.field();
            handler = JdkInternal.URL_HANDLER.field();
            openConnection = JdkInternal.OPEN_CONNECTION.method();
            openConnectionThroughProxy = JdkInternal.OPEN_THROUGH_PROXY.method();
            parseUrl = JdkInternal.PARSE_URL.method();
        }

        private static @Nullable Jdk create() {
            try {
                return new Jdk();
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }

        static Jdk get() {
            if (INSTANCE == null) {
                throw new IllegalStateException("no stand-in is made without access to java.net");
            }
            return INSTANCE;
        }

        URLConnection openConnection(URLStreamHandler own, URL url) throws IOException {
            try {
                return (URLConnection) openConnection.invokeExact(own, url);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException(e);
            }
        }

        URLConnection openConnection(URLStreamHandler own, URL url, Proxy proxy) throws IOException {
            try {
                return (URLConnection) openConnectionThroughProxy.invokeExact(own, url, proxy);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException(e);
            }
        }

        void parse(URLStreamHandler own, URL url, String spec, int start, int limit) {
            try {
                parseUrl.invokeExact(own, url, spec, start, limit);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalArgumentException(e);
            }
        }
    }
}
