package dev.corral.port;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * A listening channel of a worker. It has no listening socket, but receives connections from the acceptor. In blocking
 * mode {@link #accept} waits for the worker's share of the port. In non-blocking mode the channel has a pipe. The
 * acceptor writes a byte into the pipe when the share is no longer empty, so that any selector sees the channel become
 * acceptable. {@code accept} removes the byte together with the last connection. As with other channels, it may return
 * null although the selector reported a connection.
 *
 * <p>Selectors accept only channels that implement {@code sun.nio.ch.SelChImpl}, so this class uses that package.
 */
final class SharedServerSocketChannel extends ServerSocketChannel implements SelChImpl, Endpoint {
    private final WorkerPorts worker;
    private final boolean isUnix;
    private final ListenerOptions options;
    private final ReentrantLock acceptLock = new ReentrantLock();
    private final AtomicBoolean rung = new AtomicBoolean();
    private final AtomicBoolean binding = new AtomicBoolean();
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(16); // guarded by acceptLock

    /** Guards the following fields. */
    private final Object stateLock = new Object();
    private volatile @Nullable PortShare share;
    private volatile @Nullable Pipe pipe;
    private @Nullable ServerSocket socket;
    /**
     * Whether a selector has waited for connections. The selecting thread writes this field and then reads
     * {@link #share}; the binding thread writes {@link #share} and then reads this field. So one of them sees the
     * other's write.
     */
    private volatile boolean selected;

    /**
     * Creates an unbound channel.
     *
     * @param family the requested protocol family; null for the JVM's default
     */
    SharedServerSocketChannel(SelectorProvider provider, WorkerPorts worker, @Nullable ProtocolFamily family) {
        super(provider);
        this.worker = worker;
        this.isUnix = family == StandardProtocolFamily.UNIX;
        this.options = new ListenerOptions(family);
    }

    @Override
    public ListenerOptions options() {
        return options;
    }

    @Override
    public ServerSocketChannel channel() {
        return this;
    }

    @Override
    public boolean isClosed() {
        return !isOpen();
    }

    @Override
    public void listen(@Nullable SocketAddress local, int backlog) throws IOException {
        try {
            bind(local, backlog);
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        } catch (AlreadyBoundException e) {
            throw new SocketException("Already bound", e);
        }
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        if (isUnix ? !(local instanceof UnixDomainSocketAddress) : local instanceof UnixDomainSocketAddress) {
            throw new UnsupportedAddressTypeException();
        }
        ensureOpen();
        if (!binding.compareAndSet(false, true)) {
            throw new AlreadyBoundException();
        }
        try {
            PortShare bound = worker.bind(local, backlog, options, this::keep);
            if (selected) {
                bound.asked();
            }
            if (!bound.isEmpty()) {
                ring();
            }
            return this;
        } finally {
            binding.set(share != null);
        }
    }

    private boolean keep(PortShare bound) {
        synchronized (stateLock) {
            if (!isOpen()) {
                return false;
            }
            bound.setBell(this::ring);
            share = bound;
            return true;
        }
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        PortShare bound = share;
        return bound == null ? null : bound.address();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return localAddress();
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        return isBlocking() ? acceptBlocking(0) : acceptNow();
    }

    /** Waits for a connection, for {@link #socket}. */
    @Override
    public @Nullable SocketChannel take(long nanos) throws IOException {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        try {
            return acceptBlocking(nanos);
        } catch (AsynchronousCloseException e) {
            return null;
        }
    }

    private @Nullable SocketChannel acceptBlocking(long nanos) throws IOException {
        ensureOpen();
        PortShare bound = share;
        if (bound == null) {
            throw new NotYetBoundException();
        }
        SocketChannel connection = null;
        begin();
        try {
            connection = bound.take(nanos);
        } catch (InterruptedException e) { // the interrupt has closed the channel; end() throws because of it
            Thread.currentThread().interrupt();
        } finally {
            end(connection != null);
        }
        return connection;
    }

    private @Nullable SocketChannel acceptNow() throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            PortShare bound = share;
            if (bound == null) {
                throw new NotYetBoundException();
            }
            SocketChannel connection = bound.poll();
            if (bound.isEmpty()) {
                unring(bound);
            }
            return connection;
        } finally {
            acceptLock.unlock();
        }
    }

    /**
     * Makes the channel acceptable for selectors. Called by the acceptor, and by a server thread that has just bound
     * the channel or made it non-blocking.
     */
    private void ring() {
        Pipe bell = pipe;
        if (bell != null && rung.compareAndSet(false, true)) {
            try {
                int _ = bell.sink().write(ByteBuffer.wrap(new byte[1]));
            } catch (IOException e) {
                // the channel is being closed
            }
        }
    }

    /**
     * Removes the byte from the pipe, whether or not {@code rung} is set yet, because a call of {@link #ring} may be
     * between its two steps. Then rings again if a connection has come in the meantime, because its ring may have found
     * the flag still set.
     */
    private void unring(PortShare bound) throws IOException {
        Pipe bell = pipe;
        if (bell == null) {
            return;
        }
        bytes.clear();
        int _ = bell.source().read(bytes);
        rung.set(false);
        if (!bound.isEmpty()) {
            ring();
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        synchronized (stateLock) {
            ensureOpen(); // otherwise no thread would close the pipe
            if (!block && pipe == null) {
                Pipe bell = SharedSelectorProvider.ofJdk().openPipe();
                pipe = bell;
                bell.source().configureBlocking(false);
                bell.sink().configureBlocking(false); // an interrupt of the ringing thread would close a blocking sink
            }
        }
        PortShare bound = share;
        if (bound != null && !bound.isEmpty()) {
            ring();
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        PortShare bound;
        synchronized (stateLock) { // a bind that has begun keeps its share before this block, or not at all
            bound = share;
        }
        if (bound != null) {
            bound.close();
        }
        if (!isRegistered()) {
            kill();
        } // else a selector calls kill() after it has released the descriptor
    }

    /** Closes the pipe. Called when no selector has the channel any more. */
    @Override
    public void kill() throws IOException {
        Pipe bell;
        synchronized (stateLock) {
            bell = pipe;
        }
        if (bell != null && !isOpen()) {
            bell.sink().close();
            bell.source().close();
        }
    }

    @Override
    public ServerSocket socket() {
        if (isUnix) {
            throw new UnsupportedOperationException("Not supported");
        }
        synchronized (stateLock) {
            if (socket == null) {
                try {
                    socket = new SharedServerSocket(this);
                } catch (IOException e) {
                    throw new IllegalStateException("an unbound server socket opens nothing", e);
                }
            }
            return socket;
        }
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        ensureOpen();
        options.set(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        ensureOpen();
        return options.get(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return ListenerOptions.SUPPORTED;
    }

    // Methods that selectors call: the readable end of the pipe stands for the channel.

    private SelChImpl source() {
        Pipe bell = pipe;
        if (bell == null) {
            throw new IllegalStateException("a selector takes only non-blocking channels");
        }
        return (SelChImpl) bell.source();
    }

    @Override
    public FileDescriptor getFD() {
        return source().getFD();
    }

    @Override
    public int getFDVal() {
        return source().getFDVal();
    }

    /**
     * Translates selection operations. A selector calls this when it begins to wait with these operations, on the
     * selecting thread.
     */
    @Override
    public int translateInterestOps(int ops) {
        if ((ops & SelectionKey.OP_ACCEPT) == 0) {
            return 0;
        }
        selected = true;
        PortShare bound = share;
        if (bound != null) {
            bound.asked();
        }
        return Net.POLLIN;
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        return translate(ops, key.nioReadyOps(), key);
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        return translate(ops, 0, key);
    }

    private static boolean translate(int events, int initialOps, SelectionKeyImpl key) {
        int before = key.nioReadyOps();
        boolean readable = (events & (Net.POLLIN | Net.POLLERR | Net.POLLHUP)) != 0;
        int ready = initialOps | (readable ? key.nioInterestOps() & SelectionKey.OP_ACCEPT : 0);
        key.nioReadyOps(ready);
        return (ready & ~before) != 0;
    }

    @Override
    public String toString() {
        return getClass().getName() + "[" + (isOpen() ? localAddress() == null ? "unbound" : localAddress() : "closed")
                + "]";
    }
}
