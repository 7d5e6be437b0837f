package dev.corral.port;

import java.io.IOException;
import java.net.MulticastSocket;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** As {@link TrackedDatagramSocket}, in place of {@link MulticastSocket}. */
@SuppressWarnings("this-escape") // into a set of what is to be closed
public class TrackedMulticastSocket extends MulticastSocket {
    /** As {@link MulticastSocket#MulticastSocket()}. */
    public TrackedMulticastSocket() throws IOException {
        SharedSelectorProvider.remembered(this);
    }

    /** As {@link MulticastSocket#MulticastSocket(int)}. */
    public TrackedMulticastSocket(int port) throws IOException {
        super(port);
        SharedSelectorProvider.remembered(this);
    }

    /** As {@link MulticastSocket#MulticastSocket(SocketAddress)}. */
    public TrackedMulticastSocket(@Nullable SocketAddress local) throws IOException {
        super(local);
        SharedSelectorProvider.remembered(this);
    }
}
