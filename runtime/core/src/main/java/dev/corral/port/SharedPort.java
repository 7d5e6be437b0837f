package dev.corral.port;

import dev.corral.Balancer;
import dev.corral.queue.RunQueue;
import dev.corral.queue.ServiceThreads;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket and the thread that accepts on it. It outlives workers: while none is ready, connections wait, in the
 * kernel's backlog and for at most {@link #HOLD} here.
 */
final class SharedPort {
    /** How long an accepted connection waits for a worker. */
    static final Duration HOLD = Duration.ofSeconds(30);
    /** Connections that the kernel keeps waiting, at least: all workers' share of what each asked for. */
    static final int BACKLOG = 1024;

    private static final System.Logger LOG = System.getLogger("dev.corral");
    /** Pause after a failed accept (no descriptors left), and while all queues are full. */
    private static final long PAUSE_MILLIS = 10;

    private final boolean exclusive;
    private final Selector selector;
    private final SocketAddress address;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private final List<Share> shares = new ArrayList<>();
    /** Replaced under the lock, read by the acceptor. */
    private volatile Ready ready = Ready.NONE;
    /** A socket that is to take the place of the one that is listened on; taken by the acceptor. */
    private volatile @Nullable ServerSocketChannel successor;
    /** Written under the lock, so that no share is added to a port that closes. */
    private volatile boolean closed;
    private final AtomicBoolean releasing = new AtomicBoolean();
    /** Completed when the address is free again. */
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    /** Polled by the acceptor, and by whoever sees that the port is closed. */
    private final RunQueue<Connection> returned = new RunQueue<>();

    // Owned by the acceptor; the listener is also closed by whoever closes the port.
    private volatile ServerSocketChannel listener;
    private SelectionKey key;
    private final Dealer dealer;
    private @Nullable Connection inHand;

    private SharedPort(ServerSocketChannel listener, Selector selector, Balancer balancer, boolean exclusive)
            throws IOException {
        this.listener = listener;
        this.selector = selector;
        this.exclusive = exclusive;
        this.dealer = new Dealer(balancer);
        this.key = listener.register(selector, 0);
        this.address = listener.getLocalAddress();
    }

    /**
     * Binds and starts the acceptor.
     *
     * @param exclusive whether one worker is to have it, and no other
     */
    static SharedPort open(String cluster, SocketAddress address, int backlog, ListenerOptions options,
            Balancer balancer, boolean exclusive) throws IOException {
        ServerSocketChannel listener = listen(address, backlog, options);
        Selector selector = null;
        try {
            selector = SharedSelectorProvider.ofJdk().openSelector();
            var port = new SharedPort(listener, selector, balancer, exclusive);
            ServiceThreads.builder().name("corral-" + cluster + "-acceptor-" + port.label()).start(port::acceptLoop);
            return port;
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(listener);
            closeQuietly(selector);
            throw e;
        }
    }

    private static ServerSocketChannel listen(SocketAddress address, int backlog, ListenerOptions options)
            throws IOException {
        SelectorProvider provider = SharedSelectorProvider.ofJdk();
        boolean isUnix = address instanceof UnixDomainSocketAddress;
        ProtocolFamily family = options.family();
        ServerSocketChannel listener = family == null
                ? provider.openServerSocketChannel()
                : provider.openServerSocketChannel(family);
        try {
            if (!isUnix) {
                listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            options.applyTo(listener);
            listener.bind(address, Math.max(backlog, BACKLOG));
            listener.configureBlocking(false);
            return listener;
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(listener);
            throw e;
        }
    }

    private String label() {
        return address instanceof InetSocketAddress inet ? Integer.toString(inet.getPort()) : address.toString();
    }

    SocketAddress address() {
        return address;
    }

    boolean isExclusive() {
        return exclusive;
    }

    /** Listens anew on a path that a program has deleted before it binds it, as programs do to get rid of a stale one. */
    void listenAgain(int backlog, ListenerOptions options) throws IOException {
        successor = listen(address, backlog, options);
        selector.wakeup();
    }

    /** Null if the port closes. */
    @Nullable
    Share add(WorkerPorts worker) {
        var share = new Share(this, worker);
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            shares.add(share);
        } finally {
            lock.unlock();
        }
        refresh();
        return share;
    }

    boolean hasShareOf(WorkerPorts worker) {
        lock.lock();
        try {
            return shares.stream().anyMatch(share -> share.worker() == worker);
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Publishes anew who may get connections, after a worker was admitted or left. */
    void refresh() {
        lock.lock();
        try {
            ready = Ready.of(shares);
        } finally {
            lock.unlock();
        }
        selector.wakeup();
    }

    void left(Share share, boolean byWorker) {
        lock.lock();
        try {
            shares.remove(share);
        } finally {
            lock.unlock();
        }
        if (!((byWorker || exclusive) && closeIfUnused())) {
            refresh();
        }
    }

    /** Closes it, unless a worker has it. */
    boolean closeIfUnused() {
        lock.lock();
        try {
            if (!shares.isEmpty()) {
                return false;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        release();
        return true;
    }

    /** Takes back a connection whose worker went before it polled it. */
    void giveBack(Connection connection) {
        returned.offer(connection);
        if (closed) {
            closeReturned();
        } else {
            selector.wakeup();
        }
    }

    /** Stops listening. Connections that were handed out go on; those that wait here are closed. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        release();
    }

    private void release() {
        if (releasing.compareAndSet(false, true)) {
            closeQuietly(listener);
            closeQuietly(selector); // wakes the acceptor; the listener's descriptor goes with its registration
            released.complete(null);
        } else {
            awaitRelease();
        }
    }

    /** Waits until the address of a closed port is free again. */
    void awaitRelease() {
        released.join();
    }

    private void acceptLoop() {
        while (!closed) {
            try {
                turn();
            } catch (ClosedSelectorException | CancelledKeyException _) {
                // closed is set: nobody else closes the selector or the listener
            } catch (IOException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, () -> "accept on " + address + " failed, goes on in " + PAUSE_MILLIS + " ms",
                            e);
                    LockSupport.parkNanos(Duration.ofMillis(PAUSE_MILLIS).toNanos());
                }
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, () -> "the acceptor of " + address + " goes on after a failure", e);
            }
        }
        if (inHand != null) {
            inHand.close();
        }
        closeReturned();
        closeQuietly(listener);
        closeQuietly(successor);
    }

    /** Deals one connection, or waits for one. */
    private void turn() throws IOException {
        Connection next = inHand != null ? inHand : returned.poll();
        Ready now = ready;
        if (next == null && !now.isEmpty()) {
            next = accept();
        }
        if (next == null) {
            await(now.isEmpty() ? 0 : SelectionKey.OP_ACCEPT, 0);
        } else if (dealer.deal(next, now)) {
            inHand = null;
        } else if (next.ageNanos() > HOLD.toNanos()) {
            LOG.log(Level.WARNING, "a connection to {0} was closed: no worker took it for {1} s", address,
                    HOLD.toSeconds());
            next.close();
            inHand = null;
        } else {
            inHand = next;
            await(0, now.isEmpty() ? HOLD.toMillis() / 10 : PAUSE_MILLIS);
        }
    }

    private @Nullable Connection accept() throws IOException {
        SocketChannel accepted = listener.accept();
        if (accepted == null && successor != null) {
            listenOnSuccessor();
            accepted = listener.accept();
        }
        return accepted == null ? null : Connection.of(accepted);
    }

    /** After the last connection to the old socket has been accepted. */
    private void listenOnSuccessor() throws IOException {
        ServerSocketChannel next = successor;
        if (next != null) {
            closeQuietly(listener);
            listener = next;
            key = next.register(selector, 0);
            successor = null;
        }
    }

    /** Until the operation is possible, something was given back, or who is ready has changed. */
    private void await(int operation, long millis) throws IOException {
        key.interestOps(operation);
        selector.select(millis);
        selector.selectedKeys().clear();
    }

    private void closeReturned() {
        for (Connection next = returned.poll(); next != null; next = returned.poll()) {
            next.close();
        }
    }

    private static void closeQuietly(@Nullable Closeable closeable) {
        if (closeable != null) {
            try {
                closeable.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "closing a socket", e);
            }
        }
    }
}
