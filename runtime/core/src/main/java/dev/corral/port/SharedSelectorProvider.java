package dev.corral.port;

import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's provider of channels and selectors ({@code java.nio.channels.spi.SelectorProvider}). For threads of a
 * worker it opens listening channels that share their port, and remembers what the worker opens. For all other threads
 * it behaves like the JDK's own provider.
 */
public final class SharedSelectorProvider extends SelectorProvider {
    private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static volatile @Nullable Supplier<@Nullable WorkerPorts> current;

    private final SelectorProvider jdk = sun.nio.ch.DefaultSelectorProvider.get();

    /** Called by the JDK, once. */
    public SharedSelectorProvider() {}

    /**
     * Installs this class as the JVM's provider, if possible. It is possible if the JDK's package is open, the system
     * class loader finds this class, and no channel was opened before.
     *
     * @param ofCurrentThread returns the ports of the worker that the current thread belongs to; null in the master
     * @return whether this class is the JVM's provider
     */
    public static boolean install(Supplier<@Nullable WorkerPorts> ofCurrentThread) {
        current = ofCurrentThread;
        boolean installed = install();
        WatchedChannel.prepare(); // opens a pipe, and thereby fixes the JVM's provider
        return installed;
    }

    private static boolean install() {
        if (!isAccessible() || !isVisible()) {
            return false;
        }
        String before = System.getProperty(PROPERTY);
        if (before == null) {
            System.setProperty(PROPERTY, SharedSelectorProvider.class.getName());
        }
        boolean installed = SelectorProvider.provider() instanceof SharedSelectorProvider;
        if (before == null && !installed) {
            System.clearProperty(PROPERTY);
        }
        return installed;
    }

    private static boolean isAccessible() {
        return Object.class.getModule().isExported("sun.nio.ch", SharedSelectorProvider.class.getModule());
    }

    private static boolean isVisible() {
        try {
            return Class.forName(SharedSelectorProvider.class.getName(), false,
                    ClassLoader.getSystemClassLoader()) == SharedSelectorProvider.class;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The JDK's provider, for the master's own sockets. */
    static SelectorProvider ofJdk() {
        SelectorProvider provider = SelectorProvider.provider();
        return provider instanceof SharedSelectorProvider shared ? shared.jdk : provider;
    }

    /** Returns the ports of the worker that the current thread belongs to; null in the master. */
    static @Nullable WorkerPorts portsOfCurrentThread() {
        Supplier<@Nullable WorkerPorts> supplier = current;
        return supplier == null ? null : supplier.get();
    }

    /** Registers the channel, so that it is closed together with the worker of the current thread. */
    public static <C extends Closeable> C remembered(C channel) {
        WorkerPorts worker = portsOfCurrentThread();
        if (worker != null) {
            worker.opened(channel);
        }
        return channel;
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        WorkerPorts worker = portsOfCurrentThread();
        return worker == null ? jdk.openServerSocketChannel()
                : remembered(new SharedServerSocketChannel(this, worker, null));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        WorkerPorts worker = portsOfCurrentThread();
        return worker == null ? jdk.openServerSocketChannel(family)
                : remembered(new SharedServerSocketChannel(this, worker, family));
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return remembered(jdk.openSocketChannel());
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return remembered(jdk.openSocketChannel(family));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return remembered(jdk.openDatagramChannel());
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return remembered(jdk.openDatagramChannel(family));
    }

    @Override
    public Pipe openPipe() throws IOException {
        Pipe pipe = jdk.openPipe();
        remembered(pipe.source());
        remembered(pipe.sink());
        return pipe;
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        AbstractSelector selector = jdk.openSelector();
        WorkerPorts worker = portsOfCurrentThread();
        if (worker != null) {
            worker.opened(selector);
        }
        return selector;
    }

    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }
}
