package dev.corral.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** A factory of server sockets that share their ports. */
public final class SharedServerSocketFactory extends ServerSocketFactory {
    /** Creates a factory. Each socket belongs to the worker of the thread that creates it. */
    public SharedServerSocketFactory() {}

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new SharedServerSocket();
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return new SharedServerSocket(port);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return new SharedServerSocket(port, backlog);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        return new SharedServerSocket(port, backlog, address);
    }
}
