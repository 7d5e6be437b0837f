package dev.corral.redirect.net;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import javax.net.SocketFactory;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The defaults of TLS. The JVM's defaults are not replaced by dispatchers: a dispatcher would be one object for all
 * workers, and the JDK shares connections between clients with the same factory.
 */
@Documented(
        of = "`SSLContext.setDefault`, `HttpsURLConnection.setDefaultSSLSocketFactory`, `setDefaultHostnameVerifier`",
        becomes = "its own defaults, for an `HttpClient`, `HttpsURLConnection` or `SSLSocketFactory` that its code creates. TLS that the JDK "
                + "itself starts uses the JVM's")
public final class TlsDefaults implements Redirect {
    /** All are null while the worker has none of its own. Written by any thread of the worker. */
    private volatile @Nullable SSLContext context;
    private volatile @Nullable SSLSocketFactory sockets;
    private volatile @Nullable HostnameVerifier verifier;

    /** The redirect of a worker that has the JVM's defaults so far. */
    public TlsDefaults() {}

    @Replaces(type = SSLContext.class, method = "setDefault")
    void setContext(SSLContext own) {
        context = Objects.requireNonNull(own);
    }

    @Replaces(type = SSLContext.class, method = "getDefault")
    SSLContext getContext() throws NoSuchAlgorithmException {
        SSLContext own = context;
        return own == null ? SSLContext.getDefault() : own;
    }

    @Replaces(type = SSLSocketFactory.class, method = "getDefault")
    SocketFactory getSocketFactory() {
        SSLContext own = context;
        return own == null ? SSLSocketFactory.getDefault() : own.getSocketFactory();
    }

    @Replaces(type = HttpsURLConnection.class, method = "setDefaultSSLSocketFactory")
    void setSocketsOfHttps(@Nullable SSLSocketFactory own) {
        sockets = given(own, "no default SSLSocketFactory specified");
    }

    @Replaces(type = HttpsURLConnection.class, method = "getDefaultSSLSocketFactory")
    SSLSocketFactory getSocketsOfHttps() {
        SSLSocketFactory own = ownSocketsOfHttps();
        return own == null ? HttpsURLConnection.getDefaultSSLSocketFactory() : own;
    }

    private synchronized @Nullable SSLSocketFactory ownSocketsOfHttps() {
        SSLContext ofContext = context;
        if (sockets == null && ofContext != null) {
            sockets = ofContext.getSocketFactory(); // later changes of the context have no effect, as in the JDK
        }
        return sockets;
    }

    @Replaces(type = HttpsURLConnection.class, method = "setDefaultHostnameVerifier")
    void setVerifier(@Nullable HostnameVerifier own) {
        verifier = given(own, "no default HostnameVerifier specified");
    }

    @Replaces(type = HttpsURLConnection.class, method = "getDefaultHostnameVerifier")
    HostnameVerifier getVerifier() {
        HostnameVerifier own = verifier;
        return own == null ? HttpsURLConnection.getDefaultHostnameVerifier() : own;
    }

    /** Checks a value as {@link HttpsURLConnection} does. */
    private static <T> T given(@Nullable T value, String otherwise) {
        if (value == null) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }

    /** Sets the worker's defaults on a new connection. */
    void preset(HttpsURLConnection connection) {
        SSLSocketFactory ownSockets = ownSocketsOfHttps();
        if (ownSockets != null) {
            connection.setSSLSocketFactory(ownSockets);
        }
        HostnameVerifier ownVerifier = verifier;
        if (ownVerifier != null) {
            connection.setHostnameVerifier(ownVerifier);
        }
    }

    /** A builder of clients that use the worker's default context. */
    HttpClient.Builder builder() {
        SSLContext own = context;
        HttpClient.Builder builder = HttpClient.newBuilder();
        return own == null ? builder : builder.sslContext(own);
    }

    @Override
    public synchronized void close() {
        context = null;
        sockets = null;
        verifier = null;
    }
}
