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
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server socket that shares its port. Woven code of a worker makes and extends this class in place of
 * {@link ServerSocket}; it is also what {@link HandedChannel#socket} returns. Made by a thread that belongs to no worker, it
 * is an ordinary server socket.
 *
 * <p>The sockets that it accepts are views of channels. As such they differ from others in one way: interrupting a platform
 * thread that reads from one closes it.
 */
public class SharedServerSocket extends ServerSocket {
    private final @Nullable WorkerPorts worker;
    private final @Nullable HandedChannel channel;
    private final ListenerOptions options;
    private volatile @Nullable Share share;
    private volatile boolean closed;
    private volatile int timeoutMillis;

    /** As {@link ServerSocket#ServerSocket()}. */
    @SuppressWarnings("this-escape") // into a set of what is to be closed
    public SharedServerSocket() throws IOException {
        worker = SharedSelectorProvider.portsOfCurrentThread();
        channel = null;
        options = new ListenerOptions();
        if (worker != null) {
            worker.opened(this);
        }
    }

    /** As {@link ServerSocket#ServerSocket(int)}. */
    public SharedServerSocket(int port) throws IOException {
        this(port, 0, null);
    }

    /** As {@link ServerSocket#ServerSocket(int, int)}. */
    public SharedServerSocket(int port, int backlog) throws IOException {
        this(port, backlog, null);
    }

    /** As {@link ServerSocket#ServerSocket(int, int, InetAddress)}. */
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

    /** As {@link ServerSocket#ServerSocket(SocketImpl)}: for a program that brings its own; it shares nothing. */
    protected SharedServerSocket(SocketImpl impl) {
        super(impl);
        worker = null;
        channel = null;
        options = new ListenerOptions();
    }

    SharedServerSocket(HandedChannel channel) throws IOException {
        this.worker = null;
        this.channel = channel;
        this.options = channel.options();
    }

    private boolean isPlain() {
        return worker == null && channel == null;
    }

    @Override
    public void bind(@Nullable SocketAddress endpoint) throws IOException {
        bind(endpoint, 0);
    }

    @Override
    public void bind(@Nullable SocketAddress endpoint, int backlog) throws IOException {
        if (channel != null) {
            channel.bind(endpoint, backlog);
        } else if (worker != null) {
            bindShare(worker, endpoint, backlog);
        } else {
            super.bind(endpoint, backlog);
        }
    }

    private void bindShare(WorkerPorts ports, @Nullable SocketAddress endpoint, int backlog) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (share != null) {
                throw new SocketException("Already bound");
            }
            share = ports.bind(endpoint, backlog, options);
        }
    }

    private void ensureOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket closed");
        }
    }

    @Override
    public Socket accept() throws IOException {
        if (isPlain()) {
            return super.accept();
        }
        ensureOpen();
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
        SocketChannel connection = take(Duration.ofMillis(timeoutMillis).toNanos());
        if (connection != null) {
            return connection.socket();
        }
        ensureOpen();
        throw new SocketTimeoutException("Accept timed out");
    }

    /** Null if the time is up or the socket was closed. */
    private @Nullable SocketChannel take(long nanos) throws IOException {
        if (channel != null) {
            if (!channel.isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            try {
                return channel.acceptBlocking(nanos);
            } catch (AsynchronousCloseException e) {
                return null;
            }
        }
        Share bound = share;
        if (bound == null) {
            return null;
        }
        return Thread.currentThread().isVirtual() ? takeInterruptibly(bound, nanos) : takeUninterruptibly(bound, nanos);
    }

    /** Under a virtual thread an interrupt closes any server socket. */
    private @Nullable SocketChannel takeInterruptibly(Share bound, long nanos) throws IOException {
        try {
            return bound.take(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            return null;
        }
    }

    /** On a platform thread {@code accept} takes no notice of interrupts; the status is set again when it returns. */
    private static @Nullable SocketChannel takeUninterruptibly(Share bound, long nanos) {
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    long left = nanos == 0 ? 0 : Math.max(1, nanos - (System.nanoTime() - start));
                    return bound.take(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        if (channel != null) {
            channel.close();
        } else if (isPlain()) {
            super.close();
        } else {
            Share bound = share;
            if (bound != null) {
                bound.close(true);
            }
        }
    }

    @Override
    public boolean isClosed() {
        return channel != null ? !channel.isOpen() : isPlain() ? super.isClosed() : closed;
    }

    @Override
    public boolean isBound() {
        return isPlain() ? super.isBound() : localAddress() != null;
    }

    private @Nullable InetSocketAddress localAddress() {
        if (channel != null) {
            return channel.localAddress();
        }
        Share bound = share;
        return bound == null ? null : bound.address();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return isPlain() ? super.getLocalSocketAddress() : localAddress();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        if (isPlain()) {
            return super.getInetAddress();
        }
        InetSocketAddress local = localAddress();
        return local == null ? null : local.getAddress();
    }

    @Override
    public int getLocalPort() {
        if (isPlain()) {
            return super.getLocalPort();
        }
        InetSocketAddress local = localAddress();
        return local == null ? -1 : local.getPort();
    }

    @Override
    public @Nullable ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        if (isPlain()) {
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
        return isPlain() ? super.getSoTimeout() : timeoutMillis;
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        if (isPlain()) {
            super.setReuseAddress(on);
        } else {
            options.set(StandardSocketOptions.SO_REUSEADDR, on);
        }
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return isPlain() ? super.getReuseAddress() : options.get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (isPlain()) {
            super.setReceiveBufferSize(size);
            return;
        }
        if (size <= 0) {
            throw new IllegalArgumentException("negative receive size");
        }
        options.set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return isPlain() ? super.getReceiveBufferSize() : options.get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        if (isPlain()) {
            return super.setOption(name, value);
        }
        ensureOpen();
        options.set(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return isPlain() ? super.getOption(name) : options.get(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return isPlain() ? super.supportedOptions() : ListenerOptions.SUPPORTED;
    }

    @Override
    public String toString() {
        return isPlain() ? super.toString()
                : isBound() ? "ServerSocket[addr=" + getInetAddress() + ",localport=" + getLocalPort() + "]"
                        : "ServerSocket[unbound]";
    }
}
