package dev.corral.bench.compare.peers.program;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/**
 * The JDK's provider of channels, except that server sockets may share their port with those of other processes; the
 * JDK's HTTP server has no setting for that. A system property names this class. Needs
 * {@code --add-exports=java.base/sun.nio.ch=ALL-UNNAMED}.
 */
public final class ReusePort extends SelectorProvider {
    private final SelectorProvider jdk;

    /** Creates the provider. The JDK calls it. */
    public ReusePort() throws ReflectiveOperationException {
        // SelectorProvider.provider() would return this object.
        jdk = (SelectorProvider) Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get").invoke(null);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return jdk.openServerSocketChannel().setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        ServerSocketChannel channel = jdk.openServerSocketChannel(family);
        return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)
                ? channel.setOption(StandardSocketOptions.SO_REUSEPORT, true) : channel;
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return jdk.openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return jdk.openSocketChannel(family);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return jdk.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return jdk.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return jdk.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return jdk.openSelector();
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }
}
