package dev.corral.port;

import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket that is closed with its worker. Woven code of a worker creates and extends this class in place of
 * {@link DatagramSocket}.
 */
@SuppressWarnings("this-escape") // into the set of resources that are closed with the worker
public class TrackedDatagramSocket extends DatagramSocket {
    /** Creates a socket like {@link DatagramSocket#DatagramSocket()}. */
    public TrackedDatagramSocket() throws SocketException {
        SharedSelectorProvider.remembered(this);
    }

    /** Creates a socket like {@link DatagramSocket#DatagramSocket(DatagramSocketImpl)}. */
    protected TrackedDatagramSocket(DatagramSocketImpl impl) {
        super(impl);
        SharedSelectorProvider.remembered(this);
    }

    /** Creates a socket like {@link DatagramSocket#DatagramSocket(SocketAddress)}. */
    public TrackedDatagramSocket(@Nullable SocketAddress local) throws SocketException {
        super(local);
        SharedSelectorProvider.remembered(this);
    }

    /** Creates a socket like {@link DatagramSocket#DatagramSocket(int)}. */
    public TrackedDatagramSocket(int port) throws SocketException {
        super(port);
        SharedSelectorProvider.remembered(this);
    }

    /** Creates a socket like {@link DatagramSocket#DatagramSocket(int, InetAddress)}. */
    public TrackedDatagramSocket(int port, @Nullable InetAddress local) throws SocketException {
        super(port, local);
        SharedSelectorProvider.remembered(this);
    }
}
