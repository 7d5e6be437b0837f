package dev.corral.port;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A socket that is closed with its worker, which ends a thread that is blocked in it, and by which a worker that is to go
 * reaches itself ({@link SelfConnection}). Woven code of a worker makes and
 * extends this class in place of {@link Socket}.
 */
@SuppressWarnings("this-escape") // into a set of what is to be closed
public class TrackedSocket extends Socket {
    private final @Nullable WorkerPorts worker = SharedSelectorProvider.portsOfCurrentThread();

    /** As {@link Socket#Socket()}. */
    public TrackedSocket() {
        track();
    }

    /** As {@link Socket#Socket(Proxy)}. */
    public TrackedSocket(Proxy proxy) {
        super(proxy);
        track();
    }

    /** As {@link Socket#Socket(SocketImpl)}. */
    protected TrackedSocket(SocketImpl impl) throws SocketException {
        super(impl);
        track();
    }

    /** As {@link Socket#Socket(String, int)}. */
    public TrackedSocket(@Nullable String host, int port) throws UnknownHostException, IOException {
        this(resolve(host, port), null);
    }

    /** As {@link Socket#Socket(InetAddress, int)}. */
    public TrackedSocket(@Nullable InetAddress address, int port) throws IOException {
        this(new InetSocketAddress(notNull(address), port), null);
    }

    /** As {@link Socket#Socket(String, int, InetAddress, int)}. */
    public TrackedSocket(@Nullable String host, int port, @Nullable InetAddress local, int localPort)
            throws IOException {
        this(resolve(host, port), new InetSocketAddress(local, localPort));
    }

    /** As {@link Socket#Socket(InetAddress, int, InetAddress, int)}. */
    public TrackedSocket(@Nullable InetAddress address, int port, @Nullable InetAddress local, int localPort)
            throws IOException {
        this(new InetSocketAddress(notNull(address), port), new InetSocketAddress(local, localPort));
    }

    /** As the deprecated {@code Socket(String, int, boolean)}; stream sockets only. */
    public TrackedSocket(@Nullable String host, int port, boolean stream) throws IOException {
        this(resolve(host, port), null);
        requireStream(stream);
    }

    /** As the deprecated {@code Socket(InetAddress, int, boolean)}; stream sockets only. */
    public TrackedSocket(@Nullable InetAddress address, int port, boolean stream) throws IOException {
        this(new InetSocketAddress(notNull(address), port), null);
        requireStream(stream);
    }

    /** Tracked before it connects, which may block for minutes. */
    private TrackedSocket(SocketAddress address, @Nullable SocketAddress local) throws IOException {
        track();
        try {
            if (local != null) {
                super.bind(local);
            }
            connectOrCallOwn(address, 0);
        } catch (IOException | RuntimeException | Error e) {
            super.close();
            throw e;
        }
    }

    private void track() {
        if (worker != null) {
            worker.opened(this);
        }
    }

    @Override
    public void connect(@Nullable SocketAddress endpoint, int timeout) throws IOException {
        connectOrCallOwn(endpoint, timeout);
    }

    private void connectOrCallOwn(@Nullable SocketAddress endpoint, int timeout) throws IOException {
        try (SelfConnection own = SelfConnection.of(worker, endpoint)) {
            if (own == null) {
                super.connect(endpoint, timeout);
                return;
            }
            if (!isBound()) {
                super.bind(null);
            }
            super.connect(own.address(), timeout);
            own.deliver(getLocalPort());
        }
    }

    private static InetSocketAddress resolve(@Nullable String host, int port) throws UnknownHostException {
        var address = host == null ? new InetSocketAddress(InetAddress.getByName(null), port)
                : new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(host);
        }
        return address;
    }

    private static InetAddress notNull(@Nullable InetAddress address) {
        return requireNonNull(address);
    }

    private static void requireStream(boolean stream) {
        if (!stream) {
            throw new IllegalArgumentException("Socket constructor does not support creation of datagram sockets");
        }
    }
}
