package dev.corral.redirect.net;

import dev.corral.redirect.CurrentWorker;
import dev.corral.redirect.WorkerDefault;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CacheRequest;
import java.net.CacheResponse;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's defaults while workers have their own ({@link NetworkDefaults}). Each passes calls on to the default of the
 * current worker.
 */
final class NetworkDispatchers {
    private NetworkDispatchers() {}

    /** Supplies the default of the worker that the current thread belongs to, or the one before if there is none. */
    private static <T> Supplier<@Nullable T> current(Function<NetworkDefaults, WorkerDefault<T>> which,
            @Nullable T before) {
        return () -> {
            NetworkDefaults current = CurrentWorker.redirect(NetworkDefaults.class);
            return current == null ? before : which.apply(current).or(before);
        };
    }

    static final class Passwords extends Authenticator {
        private final Supplier<@Nullable Authenticator> now;

        Passwords(@Nullable Authenticator before) {
            now = current(defaults -> defaults.authenticator, before);
        }

        /** Does not take the lock of the original method, under which a slow worker would block all others. */
        @Override
        public @Nullable PasswordAuthentication requestPasswordAuthenticationInstance(@Nullable String host,
                @Nullable InetAddress site, int port, @Nullable String protocol, @Nullable String prompt,
                @Nullable String scheme, @Nullable URL url, RequestorType requestor) {
            Authenticator current = now.get();
            return current == null ? null : current.requestPasswordAuthenticationInstance(host, site, port, protocol,
                    prompt, scheme, url, requestor);
        }

        /** Called by the older methods of the JDK. */
        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return requestPasswordAuthenticationInstance(getRequestingHost(), getRequestingSite(), getRequestingPort(),
                    getRequestingProtocol(), getRequestingPrompt(), getRequestingScheme(), getRequestingURL(),
                    getRequestorType());
        }
    }

    static final class Proxies extends ProxySelector {
        private final Supplier<@Nullable ProxySelector> now;

        Proxies(@Nullable ProxySelector before) {
            now = current(defaults -> defaults.proxies, before);
        }

        @Override
        public List<Proxy> select(URI uri) {
            ProxySelector current = now.get();
            return current == null ? List.of(Proxy.NO_PROXY) : current.select(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            ProxySelector current = now.get();
            if (current != null) {
                current.connectFailed(uri, address, failure);
            }
        }
    }

    static final class Cookies extends CookieHandler {
        private final Supplier<@Nullable CookieHandler> now;

        Cookies(@Nullable CookieHandler before) {
            now = current(defaults -> defaults.cookies, before);
        }

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) throws IOException {
            CookieHandler current = now.get();
            return current == null ? Map.of() : current.get(uri, headers);
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            CookieHandler current = now.get();
            if (current != null) {
                current.put(uri, headers);
            }
        }
    }

    static final class Responses extends ResponseCache {
        private final Supplier<@Nullable ResponseCache> now;

        Responses(@Nullable ResponseCache before) {
            now = current(defaults -> defaults.responses, before);
        }

        @Override
        public @Nullable CacheResponse get(URI uri, String method, Map<String, List<String>> headers)
                throws IOException {
            ResponseCache current = now.get();
            return current == null ? null : current.get(uri, method, headers);
        }

        @Override
        public @Nullable CacheRequest put(URI uri, URLConnection connection) throws IOException {
            ResponseCache current = now.get();
            return current == null ? null : current.put(uri, connection);
        }
    }
}
