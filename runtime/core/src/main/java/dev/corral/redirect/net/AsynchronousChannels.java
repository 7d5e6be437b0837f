package dev.corral.redirect.net;

import dev.corral.port.SharedSelectorProvider;
import dev.corral.port.TrackedDatagramSocket;
import dev.corral.port.TrackedMulticastSocket;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.Substitutes;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous channels and UDP sockets: they are closed when their worker ends. The provider of asynchronous channels
 * cannot be extended, so their ports are not shared.
 */
@Documented(of = "`AsynchronousServerSocketChannel`, `AsynchronousSocketChannel`",
        becomes = "closed when the worker ends. Ports are not shared, and without a group of the program their handlers run on threads of the JVM")
@Substitutes(type = DatagramSocket.class, by = TrackedDatagramSocket.class)
@Substitutes(type = MulticastSocket.class, by = TrackedMulticastSocket.class)
public final class AsynchronousChannels implements Redirect {
    @Replaces(type = AsynchronousServerSocketChannel.class, method = "open")
    AsynchronousServerSocketChannel openServer() throws IOException {
        return openServer(null);
    }

    @Replaces(type = AsynchronousServerSocketChannel.class, method = "open")
    AsynchronousServerSocketChannel openServer(@Nullable AsynchronousChannelGroup group) throws IOException {
        return SharedSelectorProvider.remembered(AsynchronousServerSocketChannel.open(group));
    }

    @Replaces(type = AsynchronousSocketChannel.class, method = "open")
    AsynchronousSocketChannel open() throws IOException {
        return open(null);
    }

    @Replaces(type = AsynchronousSocketChannel.class, method = "open")
    AsynchronousSocketChannel open(@Nullable AsynchronousChannelGroup group) throws IOException {
        return SharedSelectorProvider.remembered(AsynchronousSocketChannel.open(group));
    }
}
