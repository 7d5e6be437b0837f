package dev.corral.port;

import dev.corral.queue.RunQueue;
import dev.corral.queue.ServiceThreads;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    private static final Share[] NONE = {};
    /** Pause after a failed accept (no descriptors left), and while all queues are full. */
    private static final long PAUSE_MILLIS = 10;

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final SelectionKey key;
    private final InetSocketAddress address;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private final List<Share> shares = new ArrayList<>();
    /** Eligible shares by slot. Replaced under the lock, read by the acceptor. */
    private volatile Share[] ready = NONE;
    private volatile boolean closed;
    /** Polled by the acceptor, and by whoever sees that the port is closed. */
    private final RunQueue<Held> returned = new RunQueue<>();

    // Owned by the acceptor.
    private final RoundRobin balancer = new RoundRobin();
    private @Nullable Held inHand;

    private record Held(SocketChannel connection, long sinceNanos) {}

    private SharedPort(ServerSocketChannel listener, Selector selector) throws IOException {
        this.listener = listener;
        this.selector = selector;
        this.key = listener.register(selector, 0);
        this.address = (InetSocketAddress) listener.getLocalAddress();
    }

    /** Binds and starts the acceptor. */
    static SharedPort open(String cluster, InetSocketAddress address, int backlog, ListenerOptions options)
            throws IOException {
        SelectorProvider provider = SharedSelectorProvider.ofJdk();
        ServerSocketChannel listener = provider.openServerSocketChannel();
        Selector selector = null;
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            options.applyTo(listener);
            listener.bind(address, Math.max(backlog, BACKLOG));
            listener.configureBlocking(false);
            selector = provider.openSelector();
            var port = new SharedPort(listener, selector);
            ServiceThreads.builder().name("corral-" + cluster + "-acceptor-" + port.address.getPort())
                    .start(port::acceptLoop);
            return port;
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(listener);
            closeQuietly(selector);
            throw e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    Share add(WorkerPorts worker) {
        var share = new Share(this, worker);
        lock.lock();
        try {
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

    boolean isUnused() {
        lock.lock();
        try {
            return shares.isEmpty();
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
            ready = shares.stream().filter(Share::isEligible).sorted(Comparator.comparing(Share::worker))
                    .toArray(Share[]::new);
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
        refresh();
        if (byWorker && isUnused()) {
            close();
        }
    }

    /** Takes back a connection whose worker went before it polled it. */
    void giveBack(SocketChannel connection) {
        returned.offer(new Held(connection, System.nanoTime()));
        if (closed) {
            closeReturned();
        } else {
            selector.wakeup();
        }
    }

    /** Stops listening. Connections that were handed out go on; those that wait here are closed. */
    void close() {
        closed = true;
        closeQuietly(listener);
        closeQuietly(selector); // wakes the acceptor
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
            closeQuietly(inHand.connection);
        }
        closeReturned();
    }

    /** Deals one connection, or waits for one. */
    private void turn() throws IOException {
        Held next = inHand != null ? inHand : returned.poll();
        Share[] now = ready;
        if (next == null && now.length > 0) {
            SocketChannel accepted = listener.accept();
            next = accepted == null ? null : new Held(accepted, System.nanoTime());
        }
        if (next == null) {
            await(now.length > 0 ? SelectionKey.OP_ACCEPT : 0, 0);
        } else if (deal(next.connection, now)) {
            inHand = null;
        } else if (System.nanoTime() - next.sinceNanos > HOLD.toNanos()) {
            LOG.log(Level.WARNING, "a connection to {0} was closed: no worker took it for {1} s", address,
                    HOLD.toSeconds());
            closeQuietly(next.connection);
            inHand = null;
        } else {
            inHand = next;
            await(0, now.length > 0 ? PAUSE_MILLIS : HOLD.toMillis() / 10);
        }
    }

    private boolean deal(SocketChannel connection, Share[] now) {
        for (int tries = 0; tries < now.length; tries++) {
            if (now[balancer.choose(now.length)].offer(connection)) {
                return true;
            }
        }
        return false;
    }

    /** Until the operation is possible, something was given back, or who is ready has changed. */
    private void await(int operation, long millis) throws IOException {
        key.interestOps(operation);
        selector.select(millis);
        selector.selectedKeys().clear();
    }

    private void closeReturned() {
        for (Held held = returned.poll(); held != null; held = returned.poll()) {
            closeQuietly(held.connection);
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
