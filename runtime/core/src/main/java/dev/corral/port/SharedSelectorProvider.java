package dev.corral.port;

import dev.corral.Capability;
import dev.corral.jdk.JdkInternal;
import dev.corral.thread.Log;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's provider of channels and selectors ({@code java.nio.channels.spi.SelectorProvider}). For threads of a
 * worker it opens listening channels that share their port, and remembers what the worker opens. For all other threads
 * it behaves like the JDK's own provider.
 */
public final class SharedSelectorProvider extends SelectorProvider {
    private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";
    private static final Log LOG = Log.get();
    private static volatile @Nullable Supplier<@Nullable WorkerPorts> current;
    /** The instance that the JVM uses; null if it uses another provider. Set once, by {@link #install(Supplier)}. */
    private static volatile @Nullable SharedSelectorProvider installed;

    private final SelectorProvider jdk = sun.nio.ch.DefaultSelectorProvider.get();

    /** Called by the JDK, once, or by Corral for a {@link ProviderRelay}. */
    public SharedSelectorProvider() {}

    /**
     * Installs this class as the JVM's provider, if possible. It is possible if the JDK's packages are open, and no
     * channel was opened before.
     *
     * @param ofCurrentThread returns the ports of the worker that the current thread belongs to; null in the master
     * @return whether this class is the JVM's provider
     */
    public static boolean install(Supplier<@Nullable WorkerPorts> ofCurrentThread) {
        current = ofCurrentThread;
        installed = isAccessible() ? find() : null;
        WatchedChannel.prepare(); // opens a pipe, and thereby fixes the JVM's provider
        return installed != null;
    }

    /** Makes the JDK create its provider if it has none, and returns it if it is of this class. */
    private static @Nullable SharedSelectorProvider find() {
        SharedSelectorProvider relayed = null;
        boolean named = System.getProperty(PROPERTY) != null;
        if (!named && isVisible()) {
            System.setProperty(PROPERTY, SharedSelectorProvider.class.getName());
        } else if (!named) {
            relayed = new SharedSelectorProvider();
            if (!defineRelay(relayed)) {
                return null;
            }
            System.setProperty(PROPERTY, ProviderRelay.class.getName());
        }
        SelectorProvider found = SelectorProvider.provider();
        if (found instanceof SharedSelectorProvider shared) {
            return shared;
        }
        if (relayed != null && found.getClass().getName().equals(ProviderRelay.class.getName())) {
            return relayed;
        }
        if (!named) { // another provider was there before
            System.clearProperty(PROPERTY);
        }
        return null;
    }

    /** Defines a copy of {@link ProviderRelay} in the system class loader, and returns whether that succeeded. */
    private static boolean defineRelay(SharedSelectorProvider target) {
        String name = ProviderRelay.class.getName();
        ClassLoader system = ClassLoader.getSystemClassLoader();
        try (InputStream file = ProviderRelay.class.getResourceAsStream("ProviderRelay.class")) {
            byte[] bytes = Objects.requireNonNull(file).readAllBytes();
            Method define = JdkInternal.DEFINE_CLASS.reflected();
            var relay = (Class<?>) define.invoke(system, name, bytes, 0, bytes.length);
            relay.getMethod("setTarget", SelectorProvider.class).invoke(null, target);
            return true;
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            // java.lang is not open, or another copy of Corral was first
            LOG.log(Level.DEBUG, "the system class loader cannot define {0}: {1}", name, e);
            return false;
        }
    }

    private static boolean isAccessible() {
        return Object.class.getModule().isExported("sun.nio.ch", SharedSelectorProvider.class.getModule())
                && JdkInternal.absent(Capability.SHARED_NIO_PORTS).isEmpty();
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
        SharedSelectorProvider shared = installed;
        return shared == null ? SelectorProvider.provider() : shared.jdk;
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

    /**
     * Returns the ports of the worker that the current thread belongs to; null in the master, and where the JVM uses
     * this class, as a property can make it do, although it lacks what the channels need.
     */
    private static @Nullable WorkerPorts sharing() {
        return installed == null ? null : portsOfCurrentThread();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        WorkerPorts worker = sharing();
        return worker == null ? jdk.openServerSocketChannel()
                : remembered(new SharedServerSocketChannel(this, worker, null));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        WorkerPorts worker = sharing();
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
