package dev.corral.redirect.net;

import dev.corral.redirect.Documented;
import dev.corral.redirect.JvmDefault;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.WorkerDefault;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.ProxySelector;
import java.net.ResponseCache;
import org.jspecify.annotations.Nullable;

/** The defaults that the JDK's clients ask for passwords, proxies, cookies and cached responses. */
@Documented(of = "`setDefault` of `Authenticator`, `ProxySelector`, `CookieHandler`, `ResponseCache`",
        becomes = "its own defaults, also inside the JDK. While a worker has a `CookieHandler`, `HttpURLConnection` hides cookies that are "
                + "`HttpOnly` from all workers")
public final class NetworkDefaults implements Redirect {
    private static final JvmDefault<Authenticator> AUTHENTICATOR = new JvmDefault<>(Authenticator::getDefault,
            Authenticator::setDefault, NetworkDispatchers.Passwords::new);
    private static final JvmDefault<ProxySelector> PROXIES =
            new JvmDefault<>(ProxySelector::getDefault, ProxySelector::setDefault, NetworkDispatchers.Proxies::new);
    private static final JvmDefault<CookieHandler> COOKIES =
            new JvmDefault<>(CookieHandler::getDefault, CookieHandler::setDefault, NetworkDispatchers.Cookies::new);
    private static final JvmDefault<ResponseCache> RESPONSES =
            new JvmDefault<>(ResponseCache::getDefault, ResponseCache::setDefault, NetworkDispatchers.Responses::new);

    final WorkerDefault<Authenticator> authenticator = new WorkerDefault<>(AUTHENTICATOR);
    final WorkerDefault<ProxySelector> proxies = new WorkerDefault<>(PROXIES);
    final WorkerDefault<CookieHandler> cookies = new WorkerDefault<>(COOKIES);
    final WorkerDefault<ResponseCache> responses = new WorkerDefault<>(RESPONSES);

    /** The redirect of a worker that has the JVM's defaults so far. */
    public NetworkDefaults() {}

    @Replaces(type = Authenticator.class, method = "setDefault")
    void setAuthenticator(@Nullable Authenticator own) {
        authenticator.set(own);
    }

    @Replaces(type = Authenticator.class, method = "getDefault")
    @Nullable
    Authenticator getAuthenticator() {
        return authenticator.get();
    }

    @Replaces(type = ProxySelector.class, method = "setDefault")
    void setProxySelector(@Nullable ProxySelector own) {
        proxies.set(own);
    }

    @Replaces(type = ProxySelector.class, method = "getDefault")
    @Nullable
    ProxySelector getProxySelector() {
        return proxies.get();
    }

    @Replaces(type = CookieHandler.class, method = "setDefault", through = CookieManager.class)
    void setCookieHandler(@Nullable CookieHandler own) {
        cookies.set(own);
    }

    @Replaces(type = CookieHandler.class, method = "getDefault", through = CookieManager.class)
    @Nullable
    CookieHandler getCookieHandler() {
        return cookies.get();
    }

    @Replaces(type = ResponseCache.class, method = "setDefault")
    void setResponseCache(@Nullable ResponseCache own) {
        responses.set(own);
    }

    @Replaces(type = ResponseCache.class, method = "getDefault")
    @Nullable
    ResponseCache getResponseCache() {
        return responses.get();
    }

    @Override
    public void close() {
        authenticator.close();
        proxies.close();
        cookies.close();
        responses.close();
    }
}
