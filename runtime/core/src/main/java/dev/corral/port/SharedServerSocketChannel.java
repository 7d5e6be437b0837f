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
 * A listening channel that listens to nothing: it is handed connections. In blocking mode {@link #accept} waits for the
 * worker's share of the port. In non-blocking mode it has a pipe: the acceptor writes a byte into it when the share is no
 * longer empty, so that any selector sees the channel become acceptable. {@code accept} takes the byte out with the last
 * connection; as elsewhere, it may return null although the selector said otherwise.
 *
 * <p>Selectors take only channels that are {@code sun.nio.ch.SelChImpl}, hence the access to that package.
 */
final class SharedServerSocketChannel extends ServerSocketChannel implements SelChImpl, Endpoint {
    private final WorkerPorts worker;
    private final boolean isUnix;
    private final ListenerOptions options;
    private final ReentrantLock acceptLock = new ReentrantLock();
    private final AtomicBoolean rung = new AtomicBoolean();
    private final AtomicBoolean binding = new AtomicBoolean();
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(16); // guarded by acceptLock

    /** Guards what follows. */
    private final Object stateLock = new Object();
    private volatile @Nullable PortShare share;
    private volatile @Nullable Pipe pipe;
    private @Nullable ServerSocket socket;
    /** Whether a selector has waited for connections; written before {@link #share} is read, as the share is before this one is. */
    private volatile boolean selected;

    /**
     * Unbound.
     *
     * @param family that was asked for; null for the JVM's
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

    /** For {@link #socket}. */
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
        } catch (InterruptedException e) { // the channel has been closed by that; end() says so
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

    /** On the acceptor's thread, or that of a server that has just bound the channel or made it non-blocking. */
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
     * Takes out what was rung, whether or not {@code rung} is set yet: a ring may be between its two steps. Then rings again
     * if a connection came meanwhile, for that one's ring may have found the flag still set.
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
            ensureOpen(); // else nobody would close the pipe
            if (!block && pipe == null) {
                Pipe bell = SharedSelectorProvider.ofJdk().openPipe();
                pipe = bell;
                bell.source().configureBlocking(false);
                bell.sink().configureBlocking(false); // an interrupt of the thread that rings would close a blocking one
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
        synchronized (stateLock) { // a bind that has begun keeps its share before this, or not at all
            bound = share;
        }
        if (bound != null) {
            bound.close();
        }
        if (!isRegistered()) {
            kill();
        } // else a selector kills it once it has let go of its descriptor
    }

    /** Called when no selector has the channel any more. */
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

    // What a selector asks: the pipe's readable end stands for the channel.

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

    /** Called by a selector that begins to wait with these operations for the first time, on the thread that selects. */
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
