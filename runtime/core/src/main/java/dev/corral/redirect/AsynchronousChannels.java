package dev.corral.redirect;

import dev.corral.port.SharedSelectorProvider;
import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import org.jspecify.annotations.Nullable;

/** Asynchronous channels, which come from a provider that nobody can extend: they are closed with their worker. */
@Documented(of = "`AsynchronousServerSocketChannel`, `AsynchronousSocketChannel`",
        becomes = "are closed with it; ports are not shared, and without a group of its own their handlers run on threads of the JVM")
public final class AsynchronousChannels implements Redirect {
    /** Without state. */
    AsynchronousChannels() {}

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
