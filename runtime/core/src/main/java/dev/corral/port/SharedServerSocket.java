package dev.corral.port;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server socket that shares its port. Woven code of a worker creates and extends this class in place of
 * {@link ServerSocket}. {@link SharedServerSocketChannel#socket} returns it as well. On a thread that belongs to no
 * worker it is an ordinary server socket.
 *
 * <p>The sockets that it accepts are views of channels. They differ from ordinary sockets in one way: if a platform
 * thread is interrupted while it reads, the socket is closed.
 */
public class SharedServerSocket extends ServerSocket {
    /** The source of connections; null for an ordinary server socket. */
    private final @Nullable Endpoint endpoint;
    private volatile int timeoutMillis;

    /** Creates an unbound socket, like {@link ServerSocket#ServerSocket()}. */
    @SuppressWarnings("this-escape") // into the set of resources that are closed with the worker
    public SharedServerSocket() throws IOException {
        WorkerPorts worker = SharedSelectorProvider.portsOfCurrentThread();
        endpoint = worker == null ? null : new PortShareEndpoint(worker);
        if (worker != null) {
            worker.opened(this);
        }
    }

    /** Creates a bound socket, like {@link ServerSocket#ServerSocket(int)}. */
    public SharedServerSocket(int port) throws IOException {
        this(port, 0, null);
    }

    /** Creates a bound socket, like {@link ServerSocket#ServerSocket(int, int)}. */
    public SharedServerSocket(int port, int backlog) throws IOException {
        this(port, backlog, null);
    }

    /** Creates a bound socket, like {@link ServerSocket#ServerSocket(int, int, InetAddress)}. */
    @SuppressWarnings("this-escape") // the JDK's constructor binds as well
    public SharedServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        this();
        try {
            bind(new InetSocketAddress(address, port), backlog);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Creates a socket with the program's own implementation, like {@link ServerSocket#ServerSocket(SocketImpl)}. It
     * shares no port.
     */
    protected SharedServerSocket(SocketImpl impl) {
        super(impl);
        endpoint = null;
    }

    /** Creates the socket view of an endpoint. */
    SharedServerSocket(Endpoint endpoint) throws IOException {
        this.endpoint = endpoint;
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws IOException {
        bind(address, 0);
    }

    @Override
    public void bind(@Nullable SocketAddress address, int backlog) throws IOException {
        if (endpoint == null) {
            super.bind(address, backlog);
        } else {
            ensureOpen();
            endpoint.listen(address, backlog);
        }
    }

    private void ensureOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket closed");
        }
    }

    @Override
    public Socket accept() throws IOException {
        if (endpoint == null) {
            return super.accept();
        }
        ensureOpen();
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
        SocketChannel connection = endpoint.take(Duration.ofMillis(timeoutMillis).toNanos());
        if (connection != null) {
            return connection.socket();
        }
        ensureOpen();
        throw new SocketTimeoutException("Accept timed out");
    }

    @Override
    public void close() throws IOException {
        if (endpoint == null) {
            super.close();
        } else {
            endpoint.close();
        }
    }

    @Override
    public boolean isClosed() {
        return endpoint == null ? super.isClosed() : endpoint.isClosed();
    }

    @Override
    public boolean isBound() {
        return endpoint == null ? super.isBound() : endpoint.localAddress() != null;
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return endpoint == null ? super.getLocalSocketAddress() : endpoint.localAddress();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        if (endpoint == null) {
            return super.getInetAddress();
        }
        return endpoint.localAddress() instanceof InetSocketAddress local ? local.getAddress() : null;
    }

    @Override
    public int getLocalPort() {
        if (endpoint == null) {
            return super.getLocalPort();
        }
        return endpoint.localAddress() instanceof InetSocketAddress local ? local.getPort() : -1;
    }

    @Override
    public @Nullable ServerSocketChannel getChannel() {
        return endpoint == null ? super.getChannel() : endpoint.channel();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        if (endpoint == null) {
            super.setSoTimeout(timeout);
            return;
        }
        ensureOpen();
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() throws IOException {
        return endpoint == null ? super.getSoTimeout() : timeoutMillis;
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        if (endpoint == null) {
            super.setReuseAddress(on);
        } else {
            endpoint.options().set(StandardSocketOptions.SO_REUSEADDR, on);
        }
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return endpoint == null ? super.getReuseAddress() : endpoint.options().get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (endpoint == null) {
            super.setReceiveBufferSize(size);
            return;
        }
        if (size <= 0) {
            throw new IllegalArgumentException("negative receive size");
        }
        endpoint.options().set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return endpoint == null ? super.getReceiveBufferSize()
                : endpoint.options().get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        if (endpoint == null) {
            return super.setOption(name, value);
        }
        ensureOpen();
        endpoint.options().set(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return endpoint == null ? super.getOption(name) : endpoint.options().get(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return endpoint == null ? super.supportedOptions() : ListenerOptions.SUPPORTED;
    }

    @Override
    public String toString() {
        return endpoint == null ? super.toString()
                : isBound() ? "ServerSocket[addr=" + getInetAddress() + ",localport=" + getLocalPort() + "]"
                        : "ServerSocket[unbound]";
    }
}
