package dev.corral.redirect;

import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Clients of {@code java.net.http}. The JDK's cleaner keeps each one as long as it has requests under way, and those hold what waits for
 * their answers. When the client's thread is interrupted it ends without failing them itself: that is left to the executor, whose
 * threads end with the worker, too.
 */
@Documented(of = "`HttpClient`",
        becomes = "goes by its own TLS defaults; is shut down with it, and what is under way fails")
public final class HttpClients implements Redirect {
    private static final Log LOG = Log.get();

    private final TlsDefaults tls;
    /** Weak; synchronized. */
    private final Set<HttpClient> clients = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** With the defaults of the same worker. */
    HttpClients(TlsDefaults tls) {
        this.tls = tls;
    }

    @Replaces(type = HttpClient.class, method = "newBuilder")
    HttpClient.Builder newBuilder() {
        return tls.builder();
    }

    @Replaces(type = HttpClient.class, method = "newHttpClient")
    HttpClient newHttpClient() {
        return build(tls.builder());
    }

    @Replaces(type = HttpClient.Builder.class, method = "build")
    HttpClient build(HttpClient.Builder builder) {
        HttpClient client = builder.build();
        clients.add(client);
        return client;
    }

    @Override
    public void close() {
        List<HttpClient> made;
        synchronized (clients) {
            made = List.copyOf(clients);
        }
        for (HttpClient client : made) {
            try {
                client.shutdownNow();
            } catch (RuntimeException | Error e) { // one of the program's own making, whose code runs no more
                LOG.log(Level.DEBUG, "shutting down an HTTP client", e);
            }
        }
    }
}
