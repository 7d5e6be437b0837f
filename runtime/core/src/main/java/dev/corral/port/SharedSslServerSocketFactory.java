package dev.corral.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A factory of TLS server sockets that share their ports. */
public final class SharedSslServerSocketFactory extends SSLServerSocketFactory {
    private final SSLServerSocketFactory servers;
    private final SSLSocketFactory sockets;

    /**
     * Creates a factory over the factories of one TLS context.
     *
     * @param servers knows the supported settings, and creates the unbound sockets that keep settings
     * @param sockets wraps accepted connections in TLS
     */
    public SharedSslServerSocketFactory(SSLServerSocketFactory servers, SSLSocketFactory sockets) {
        this.servers = servers;
        this.sockets = sockets;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return servers.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return servers.getSupportedCipherSuites();
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return over(new SharedServerSocket());
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return over(new SharedServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return over(new SharedServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        return over(new SharedServerSocket(port, backlog, address));
    }

    private ServerSocket over(SharedServerSocket socket) throws IOException {
        return new SharedSslServerSocket(socket, (SSLServerSocket) servers.createServerSocket(), sockets);
    }
}
