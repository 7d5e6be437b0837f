package dev.corral.port;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** What stands behind a {@link SharedServerSocket}: a share of a port, or a channel that has one. */
interface Endpoint {
    /** As {@link ServerSocketChannel#bind(SocketAddress, int)}. */
    void listen(@Nullable SocketAddress local, int backlog) throws IOException;

    /**
     * Waits for a connection.
     *
     * @param nanos how long at most; 0 for ever
     * @return null if the time is up or the endpoint was closed
     */
    @Nullable
    SocketChannel take(long nanos) throws IOException;

    /** Gives the share back. */
    void close() throws IOException;

    boolean isClosed();

    /** The address of the shared port; null if not bound. */
    @Nullable
    SocketAddress localAddress();

    ListenerOptions options();

    /** Null if it is none. */
    @Nullable
    ServerSocketChannel channel();
}
