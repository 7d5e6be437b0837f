package dev.corral.port;

import java.io.IOException;
import java.net.MulticastSocket;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A multicast socket that is closed with its worker. Woven code of a worker creates and extends this class in place of
 * {@link MulticastSocket}.
 */
@SuppressWarnings("this-escape") // into the set of resources that are closed with the worker
public class TrackedMulticastSocket extends MulticastSocket {
    /** Creates a socket like {@link MulticastSocket#MulticastSocket()}. */
    public TrackedMulticastSocket() throws IOException {
        SharedSelectorProvider.remembered(this);
    }

    /** Creates a socket like {@link MulticastSocket#MulticastSocket(int)}. */
    public TrackedMulticastSocket(int port) throws IOException {
        super(port);
        SharedSelectorProvider.remembered(this);
    }

    /** Creates a socket like {@link MulticastSocket#MulticastSocket(SocketAddress)}. */
    public TrackedMulticastSocket(@Nullable SocketAddress local) throws IOException {
        super(local);
        SharedSelectorProvider.remembered(this);
    }
}
