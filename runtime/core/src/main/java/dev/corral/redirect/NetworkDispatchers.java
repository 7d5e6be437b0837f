package dev.corral.redirect;

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
import org.jspecify.annotations.Nullable;

/** The JVM's defaults while workers have their own ({@link NetworkDefaults}). Each does as if it were what it stands for. */
final class NetworkDispatchers {
    private NetworkDispatchers() {}

    private static <T> @Nullable T current(Function<NetworkDefaults, WorkerDefault<T>> which, @Nullable T before) {
        Redirects redirects = JvmWide.ofCurrentThread();
        return redirects == null ? before : which.apply(redirects.get(NetworkDefaults.class)).or(before);
    }

    static final class Passwords extends Authenticator {
        private final @Nullable Authenticator before;

        Passwords(@Nullable Authenticator before) {
            this.before = before;
        }

        /** Without the lock that the original takes, or a worker that takes its time would hold up all others. */
        @Override
        public @Nullable PasswordAuthentication requestPasswordAuthenticationInstance(@Nullable String host,
                @Nullable InetAddress site, int port, @Nullable String protocol, @Nullable String prompt,
                @Nullable String scheme, @Nullable URL url, RequestorType requestor) {
            Authenticator current = current(defaults -> defaults.authenticator, before);
            return current == null ? null : current.requestPasswordAuthenticationInstance(host, site, port, protocol,
                    prompt, scheme, url, requestor);
        }

        /** What the JDK's older methods call. */
        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return requestPasswordAuthenticationInstance(getRequestingHost(), getRequestingSite(), getRequestingPort(),
                    getRequestingProtocol(), getRequestingPrompt(), getRequestingScheme(), getRequestingURL(),
                    getRequestorType());
        }
    }

    static final class Proxies extends ProxySelector {
        private final @Nullable ProxySelector before;

        Proxies(@Nullable ProxySelector before) {
            this.before = before;
        }

        private @Nullable ProxySelector current() {
            return NetworkDispatchers.current(defaults -> defaults.proxies, before);
        }

        @Override
        public List<Proxy> select(URI uri) {
            ProxySelector current = current();
            return current == null ? List.of(Proxy.NO_PROXY) : current.select(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            ProxySelector current = current();
            if (current != null) {
                current.connectFailed(uri, address, failure);
            }
        }
    }

    static final class Cookies extends CookieHandler {
        private final @Nullable CookieHandler before;

        Cookies(@Nullable CookieHandler before) {
            this.before = before;
        }

        private @Nullable CookieHandler current() {
            return NetworkDispatchers.current(defaults -> defaults.cookies, before);
        }

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) throws IOException {
            CookieHandler current = current();
            return current == null ? Map.of() : current.get(uri, headers);
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            CookieHandler current = current();
            if (current != null) {
                current.put(uri, headers);
            }
        }
    }

    static final class Responses extends ResponseCache {
        private final @Nullable ResponseCache before;

        Responses(@Nullable ResponseCache before) {
            this.before = before;
        }

        private @Nullable ResponseCache current() {
            return NetworkDispatchers.current(defaults -> defaults.responses, before);
        }

        @Override
        public @Nullable CacheResponse get(URI uri, String method, Map<String, List<String>> headers)
                throws IOException {
            ResponseCache current = current();
            return current == null ? null : current.get(uri, method, headers);
        }

        @Override
        public @Nullable CacheRequest put(URI uri, URLConnection connection) throws IOException {
            ResponseCache current = current();
            return current == null ? null : current.put(uri, connection);
        }
    }
}
