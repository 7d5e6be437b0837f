package dev.corral.redirect;

import dev.corral.port.SharedServerSocketFactory;
import dev.corral.port.SharedSslServerSocketFactory;
import java.security.NoSuchAlgorithmException;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;

/**
 * Factories of server sockets: what they make shares its port, as a server socket that the program makes itself does. Under
 * TLS the port is shared below, and each accepted connection gets its own layer of TLS.
 */
@Documented(of = "`ServerSocket`, `ServerSocketChannel`, `SSLServerSocket`",
        becomes = "share the port: the master accepts, and the balancer hands each connection to a ready worker")
public final class ServerSocketMaking implements Redirect {
    private final TlsDefaults tls;

    /** Of the worker that has these defaults. */
    ServerSocketMaking(TlsDefaults tls) {
        this.tls = tls;
    }

    @Replaces(type = ServerSocketFactory.class, method = "getDefault")
    ServerSocketFactory getDefault() {
        return new SharedServerSocketFactory();
    }

    @Replaces(type = SSLContext.class, method = "getServerSocketFactory")
    SSLServerSocketFactory getServerSocketFactory(SSLContext context) {
        return new SharedSslServerSocketFactory(context.getServerSocketFactory(), context.getSocketFactory());
    }

    @Replaces(type = SSLServerSocketFactory.class, method = "getDefault")
    ServerSocketFactory getDefaultOfTls() throws NoSuchAlgorithmException {
        return getServerSocketFactory(tls.getContext());
    }
}
