package dev.corral.redirect.net;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Clients of {@code java.net.http}. They are shut down when the worker ends, because the JDK's cleaner holds a client
 * that has pending requests, and these hold the program's code. It is not enough to interrupt the client's thread: that
 * ends without failing the requests, and leaves this to the executor, whose threads end with the worker, too.
 */
@Documented(of = "`HttpClient`",
        becomes = "uses the worker's TLS defaults. It is shut down when the worker ends, and pending requests fail")
public final class HttpClients implements Redirect {
    private static final Log LOG = Log.get();

    private final TlsDefaults tls;
    /** Clients that the program has created; weak. Synchronized. */
    private final Set<HttpClient> clients = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** The redirect of the worker with these defaults. */
    public HttpClients(TlsDefaults tls) {
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
            } catch (RuntimeException | Error e) { // a class of the program, whose code does not run any more
                LOG.log(Level.DEBUG, "shutting down an HTTP client", e);
            }
        }
    }
}
