package dev.corral.redirect.net;

import dev.corral.port.SharedServerSocket;
import dev.corral.port.SharedServerSocketFactory;
import dev.corral.port.SharedSslServerSocketFactory;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.Substitutes;
import java.net.ServerSocket;
import java.security.NoSuchAlgorithmException;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;

/**
 * Server sockets: those that factories create share their port like those that the program creates itself. With TLS,
 * the socket below it is shared, and each accepted connection gets its own TLS layer. Channels get there through the
 * selector provider of the JVM.
 */
@Documented(of = "`ServerSocket`, `ServerSocketChannel`, `SSLServerSocket`",
        becomes = "share the port: the master accepts, and the balancer hands each connection to a ready worker")
@Substitutes(type = ServerSocket.class, by = SharedServerSocket.class)
public final class ServerSocketMaking implements Redirect {
    private final TlsDefaults tls;

    /** The redirect of the worker with these defaults. */
    public ServerSocketMaking(TlsDefaults tls) {
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
