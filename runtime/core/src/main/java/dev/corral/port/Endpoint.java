package dev.corral.port;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link SharedServerSocket} that brings connections: a share of a port, or a channel that has a share.
 */
interface Endpoint {
    /** Binds, like {@link ServerSocketChannel#bind(SocketAddress, int)}. */
    void listen(@Nullable SocketAddress local, int backlog) throws IOException;

    /**
     * Waits for a connection.
     *
     * @param nanos the longest wait; 0 for no limit
     * @return null if the time is up or the endpoint was closed
     */
    @Nullable
    SocketChannel take(long nanos) throws IOException;

    /** Closes the share. */
    void close() throws IOException;

    boolean isClosed();

    /** Returns the address of the shared port; null if the endpoint is not bound. */
    @Nullable
    SocketAddress localAddress();

    ListenerOptions options();

    /** Returns the channel; null if the endpoint is not a channel. */
    @Nullable
    ServerSocketChannel channel();
}
