package dev.corral.redirect;

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
 * What TLS goes by when nothing is said. The JVM's defaults are left alone: a dispatcher in their place would have one
 * identity for all workers, by which the JDK would share connections between them.
 */
@Documented(
        of = "`SSLContext.setDefault`, `HttpsURLConnection.setDefaultSSLSocketFactory`, `setDefaultHostnameVerifier`",
        becomes = "its own, for the `HttpClient`, `HttpsURLConnection` and `SSLSocketFactory` that its code makes; TLS that "
                + "the JDK begins by itself goes by the JVM's")
public final class TlsDefaults implements Redirect {
    private volatile @Nullable SSLContext context;
    private volatile @Nullable SSLSocketFactory sockets;
    private volatile @Nullable HostnameVerifier verifier;

    /** With those of the JVM. */
    TlsDefaults() {}

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
            sockets = ofContext.getSocketFactory(); // for good, as the JDK has it
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

    /** As {@link HttpsURLConnection} checks it. */
    private static <T> T given(@Nullable T value, String otherwise) {
        if (value == null) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }

    /** Gives a connection that has just been made what it would have been made with. */
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

    /** A builder of clients that go by it. */
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
