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
 * A connection of a worker to a port of its own, from the moment when the port brings it no others: when it drains or stops.
 * Servers connect to themselves at their stop to wake the thread that accepts (Tomcat); dealt out as other connections are,
 * that would wake another worker. Before that moment a worker is a client like any other, as in Node.
 *
 * <p>The connection goes by a listener of its own, which lives for that one and is bound to the same address, so that it
 * comes also when the port is closed already; the number of the port is the only thing that is different about it. Whether a
 * connection is the worker's own is told by the client's local port, which is bound before the client connects: nobody else
 * can have it. What else comes to the listener is closed. All of it is done by the thread that connects, and shared with no other.
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

    /** Null if a connection of that worker to that address is one like any other. */
    static @Nullable SelfConnection of(@Nullable WorkerPorts worker, @Nullable SocketAddress target)
            throws IOException {
        if (worker == null || !worker.isRetired() || !(target instanceof InetSocketAddress inet)
                || inet.isUnresolved()) {
            return null;
        }
        PortShare share = worker.shareAt(inet);
        return share == null ? null : new SelfConnection(share, Addresses.host(inet));
    }

    /** As {@link SocketChannel#connect(SocketAddress)}, for the worker that the current thread belongs to. */
    public static boolean connect(SocketChannel channel, SocketAddress target) throws IOException {
        try (SelfConnection own = of(SharedSelectorProvider.portsOfCurrentThread(), target)) {
            return own == null ? channel.connect(target) : own.connect(channel);
        }
    }

    /** As {@link SocketChannel#open(SocketAddress)}, for the worker that the current thread belongs to. */
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
            throw new UnsupportedAddressTypeException(); // as a channel of a Unix domain does
        }
        boolean connected = channel.connect(address());
        deliver(local.getPort());
        return connected;
    }

    /** Where the client is to connect instead. */
    SocketAddress address() throws IOException {
        return listener.getLocalAddress();
    }

    /**
     * Hands the other end to the worker's server; closes it if the server has been closed meanwhile.
     *
     * @param clientPort local port of the client, which has begun to connect
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
