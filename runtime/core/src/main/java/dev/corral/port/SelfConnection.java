package dev.corral.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a worker to one of its own ports, after the port has stopped giving it connections because it drains
 * or stops. When servers such as Tomcat stop, they connect to themselves to wake the accepting thread. Distributed like
 * other connections, such a connection would wake another worker. Before the worker drains or stops, it is a client
 * like any other, as in Node.
 *
 * <p>The connection goes through a listener of its own, which exists for this connection only and is bound to the same
 * host. So it also arrives if the port is closed already. Only the number of the port differs. The listener recognizes
 * the client by its local port, which is bound before the client connects, so no other client can have it. All other
 * connections to the listener are closed. The connecting thread does all this itself, and shares nothing with other
 * threads.
 */
public final class SelfConnection implements AutoCloseable {
    private final PortShare share;
    private final ServerSocketChannel listener;

    private SelfConnection(PortShare share, InetAddress host) throws IOException {
        this.share = share;
        this.listener = SharedSelectorProvider.ofJdk().openServerSocketChannel();
        try {
            listener.bind(new InetSocketAddress(host, 0), 0);
        } catch (IOException | RuntimeException | Error e) {
            listener.close();
            throw e;
        }
    }

    /** Prepares such a connection; null if the worker connects to this address like any other client. */
    static @Nullable SelfConnection of(@Nullable WorkerPorts worker, @Nullable SocketAddress target)
            throws IOException {
        if (worker == null || !worker.isRetired() || !(target instanceof InetSocketAddress inet)
                || inet.isUnresolved()) {
            return null;
        }
        PortShare share = worker.shareAt(inet);
        return share == null ? null : new SelfConnection(share, Addresses.host(inet));
    }

    /** Connects like {@link SocketChannel#connect(SocketAddress)}, for the worker of the current thread. */
    public static boolean connect(SocketChannel channel, SocketAddress target) throws IOException {
        try (SelfConnection own = of(SharedSelectorProvider.portsOfCurrentThread(), target)) {
            return own == null ? channel.connect(target) : own.connect(channel);
        }
    }

    /** Opens a channel like {@link SocketChannel#open(SocketAddress)}, for the worker of the current thread. */
    public static SocketChannel open(SocketAddress target) throws IOException {
        try (SelfConnection own = of(SharedSelectorProvider.portsOfCurrentThread(), target)) {
            if (own == null) {
                return SocketChannel.open(target);
            }
            SocketChannel channel = SocketChannel.open();
            try {
                own.connect(channel);
                return channel;
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        }
    }

    private boolean connect(SocketChannel channel) throws IOException {
        if (channel.getLocalAddress() == null) {
            channel.bind(null);
        }
        if (!(channel.getLocalAddress() instanceof InetSocketAddress local)) {
            throw new UnsupportedAddressTypeException(); // as a channel of a Unix domain socket does
        }
        boolean connected = channel.connect(address());
        deliver(local.getPort());
        return connected;
    }

    /** Returns the address to which the client must connect instead. */
    SocketAddress address() throws IOException {
        return listener.getLocalAddress();
    }

    /**
     * Hands the other end of the connection to the worker's server. Closes it if the server was closed in the meantime.
     *
     * @param clientPort the local port of the client, which has begun to connect
     */
    void deliver(int clientPort) throws IOException {
        SocketChannel accepted = listener.accept();
        while (((InetSocketAddress) accepted.getRemoteAddress()).getPort() != clientPort) {
            accepted.close();
            accepted = listener.accept();
        }
        Connection connection = Connection.of(accepted, null);
        if (!share.offerOwn(connection)) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
