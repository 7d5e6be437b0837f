package dev.corral.redirect.net;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * Connections that the worker's code opens for a URL: they get the worker's defaults. The authenticator is set on each
 * connection, although the JVM's dispatcher would ask it as well, because the JDK caches passwords under the
 * authenticator that it knows.
 */
@Documented(of = "`URL.openConnection`, `openStream`, `HttpURLConnection.setFollowRedirects`",
        becomes = "use its own defaults. Passwords from its `Authenticator` are used for no other worker")
public final class UrlConnections implements Redirect {
    private final NetworkDefaults network;
    private final TlsDefaults tls;
    /** Null while the worker has not set it. */
    private volatile @Nullable Boolean followRedirects;

    /** The redirect of the worker with these defaults. */
    public UrlConnections(NetworkDefaults network, TlsDefaults tls) {
        this.network = network;
        this.tls = tls;
    }

    @Replaces(type = HttpURLConnection.class, method = "setFollowRedirects", through = HttpsURLConnection.class)
    void setFollowRedirects(boolean follow) {
        followRedirects = follow;
    }

    @Replaces(type = HttpURLConnection.class, method = "getFollowRedirects", through = HttpsURLConnection.class)
    boolean getFollowRedirects() {
        Boolean own = followRedirects;
        return own == null ? HttpURLConnection.getFollowRedirects() : own;
    }

    @Replaces(type = URL.class, method = "openConnection")
    URLConnection openConnection(URL url) throws IOException {
        return preset(url.openConnection());
    }

    @Replaces(type = URL.class, method = "openConnection")
    URLConnection openConnection(URL url, Proxy proxy) throws IOException {
        return preset(url.openConnection(proxy));
    }

    @Replaces(type = URL.class, method = "openStream")
    InputStream openStream(URL url) throws IOException {
        return openConnection(url).getInputStream();
    }

    @Replaces(type = URL.class, method = "getContent")
    Object getContent(URL url) throws IOException {
        return openConnection(url).getContent();
    }

    @Replaces(type = URL.class, method = "getContent")
    @Nullable
    Object getContent(URL url, Class<?>[] classes) throws IOException {
        return openConnection(url).getContent(classes);
    }

    private URLConnection preset(URLConnection connection) {
        if (connection instanceof HttpURLConnection http) {
            Boolean follow = followRedirects;
            if (follow != null) {
                http.setInstanceFollowRedirects(follow);
            }
            Authenticator authenticator = network.authenticator.or(null);
            if (authenticator != null) {
                try {
                    http.setAuthenticator(authenticator);
                } catch (UnsupportedOperationException _) {
                    // a connection of another protocol handler; it may ask the JVM's dispatcher
                }
            }
        }
        if (connection instanceof HttpsURLConnection https) {
            tls.preset(https);
        }
        return connection;
    }
}
