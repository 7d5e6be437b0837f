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
 * A socket that is closed with its worker. The close ends a thread that is blocked in the socket. A worker that drains
 * or stops also reaches its own ports through this class ({@link SelfConnection}). Woven code of a worker creates and
 * extends this class in place of {@link Socket}.
 */
@SuppressWarnings("this-escape") // into the set of resources that are closed with the worker
public class TrackedSocket extends Socket {
    private final @Nullable WorkerPorts worker = SharedSelectorProvider.portsOfCurrentThread();

    /** Creates a socket like {@link Socket#Socket()}. */
    public TrackedSocket() {
        track();
    }

    /** Creates a socket like {@link Socket#Socket(Proxy)}. */
    public TrackedSocket(Proxy proxy) {
        super(proxy);
        track();
    }

    /** Creates a socket like {@link Socket#Socket(SocketImpl)}. */
    protected TrackedSocket(SocketImpl impl) throws SocketException {
        super(impl);
        track();
    }

    /** Creates a socket like {@link Socket#Socket(String, int)}. */
    public TrackedSocket(@Nullable String host, int port) throws UnknownHostException, IOException {
        this(resolve(host, port), null);
    }

    /** Creates a socket like {@link Socket#Socket(InetAddress, int)}. */
    public TrackedSocket(@Nullable InetAddress address, int port) throws IOException {
        this(new InetSocketAddress(notNull(address), port), null);
    }

    /** Creates a socket like {@link Socket#Socket(String, int, InetAddress, int)}. */
    public TrackedSocket(@Nullable String host, int port, @Nullable InetAddress local, int localPort)
            throws IOException {
        this(resolve(host, port), new InetSocketAddress(local, localPort));
    }

    /** Creates a socket like {@link Socket#Socket(InetAddress, int, InetAddress, int)}. */
    public TrackedSocket(@Nullable InetAddress address, int port, @Nullable InetAddress local, int localPort)
            throws IOException {
        this(new InetSocketAddress(notNull(address), port), new InetSocketAddress(local, localPort));
    }

    /** Creates a socket like the deprecated {@code Socket(String, int, boolean)}; stream sockets only. */
    public TrackedSocket(@Nullable String host, int port, boolean stream) throws IOException {
        this(resolve(host, port), null);
        requireStream(stream);
    }

    /** Creates a socket like the deprecated {@code Socket(InetAddress, int, boolean)}; stream sockets only. */
    public TrackedSocket(@Nullable InetAddress address, int port, boolean stream) throws IOException {
        this(new InetSocketAddress(notNull(address), port), null);
        requireStream(stream);
    }

    /** Creates a connected socket. It is tracked before it connects, because the connect may block for minutes. */
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
