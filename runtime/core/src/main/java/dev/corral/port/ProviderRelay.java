package dev.corral.port;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's provider of channels and selectors where the system class loader does not find Corral, as in a fat jar. It
 * passes each call on to a {@link SharedSelectorProvider}. Corral defines a copy of this class in the system class
 * loader. Therefore this class refers to no other class of Corral.
 */
public final class ProviderRelay extends SelectorProvider {
    /** The target of all calls. Set before the JDK creates the relay, and never changed after that. */
    private static volatile @Nullable SelectorProvider target;

    /** Called by the JDK, once. */
    public ProviderRelay() {}

    /** Sets the target of all calls. Called by reflection. */
    public static void setTarget(SelectorProvider provider) {
        target = provider;
    }

    private static SelectorProvider target() {
        return Objects.requireNonNull(target);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return target().openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return target().openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return target().openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return target().openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return target().openServerSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return target().openServerSocketChannel(family);
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return target().openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return target().openSocketChannel(family);
    }

    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return target().inheritedChannel();
    }
}
