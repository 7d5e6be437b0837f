package dev.corral.port;

import static java.util.Objects.requireNonNull;

import dev.corral.Balancer;
import dev.corral.queue.RunQueue;
import dev.corral.text.Quantities;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThread;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that accepts the connections of one port and distributes them to ready workers. While no worker is ready,
 * connections wait: in the kernel's backlog, and for at most {@link #HOLD} here.
 */
final class Acceptor {
    /** How long an accepted connection waits for a worker. */
    private static final Duration HOLD = Duration.ofSeconds(30);

    private static final Log LOG = Log.get();
    /**
     * The pause while all queues are full, and after the first failed accept. It doubles after each further failure in
     * a row.
     */
    private static final long PAUSE_MILLIS = 10;
    /** The longest pause after a failed accept. The usual cause is that no file descriptor is left. */
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final SocketAddress address;
    private final Selector selector;
    /** The workers that may get connections. Written by the port under its lock, read by this thread. */
    private volatile ReadyWorkers ready = ReadyWorkers.NONE;
    /** A socket that replaces the listener; null if there is none. Written by the port, cleared by this thread. */
    private volatile @Nullable ServerSocketChannel successor;
    /** Whether only the connections that have come already are still accepted. Written by the port. */
    private volatile boolean finishing;
    /** Whether all of these connections have been distributed or closed. Written by this thread. */
    private volatile boolean finished;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Completed when the address is free again. */
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    /** Connections that were given back. Polled by this thread, and by each thread that finds the acceptor closed. */
    private final RunQueue<Connection> returned = new RunQueue<>();

    // Owned by the thread. The listener is also closed by the thread that closes the acceptor.
    private volatile ServerSocketChannel listener;
    private SelectionKey key;
    private final ConnectionDispatcher dispatcher;
    private @Nullable Connection inHand;
    private long pauseMillis = PAUSE_MILLIS;
    /**
     * Whether an accept has failed although no connection was there. Then no accept is tried before the selector
     * reports a connection.
     */
    private boolean awaitsFirst;
    /** The thread; null before the start. Written once, by {@link #start}. */
    private @Nullable ServiceThread thread;

    private Acceptor(ServerSocketChannel listener, Selector selector, Balancer balancer) throws IOException {
        this.listener = listener;
        this.selector = selector;
        this.dispatcher = new ConnectionDispatcher(balancer);
        this.key = listener.register(selector, 0);
        this.address = listener.getLocalAddress();
    }

    /** Creates the acceptor of a non-blocking socket that listens already. Closes the socket if this fails. */
    static Acceptor on(ServerSocketChannel listener, Balancer balancer) throws IOException {
        Selector selector = null;
        try {
            selector = SharedSelectorProvider.ofJdk().openSelector();
            return new Acceptor(listener, selector, balancer);
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(listener);
            closeQuietly(selector);
            throw e;
        }
    }

    /**
     * Starts the thread. If the JVM has no thread available now, the thread starts later; until then connections wait.
     *
     * @param cluster the name of the cluster, which becomes a part of the thread's name
     */
    void start(String cluster) {
        String label = address instanceof InetSocketAddress inet ? Integer.toString(inet.getPort())
                : address.toString();
        try {
            var own = new ServiceThread(cluster, "corral-" + cluster + "-acceptor-" + label, this::run);
            thread = own;
            own.startSoon();
        } catch (RuntimeException | Error e) { // no memory
            close();
            throw e;
        }
    }

    SocketAddress address() {
        return address;
    }

    void dealTo(ReadyWorkers workers) {
        ready = workers;
        selector.wakeup();
    }

    /** Whether a connection that is given back now has a worker to go to. */
    boolean hasReady() {
        return !closed.get() && !finishing && !ready.isEmpty();
    }

    /**
     * Stops listening after all connections that the kernel holds have been accepted. They go to the workers that are
     * ready now, as do the connections that these workers give back. Returns at once.
     */
    void finish() {
        finishing = true;
        selector.wakeup();
    }

    /** Whether, after {@link #finish}, every connection has been distributed or closed. */
    boolean hasFinished() {
        return finished || closed.get();
    }

    /** Replaces the listener by this socket, after the last connection to the old one has been accepted. */
    void moveTo(ServerSocketChannel next) {
        successor = next;
        selector.wakeup();
    }

    /** Takes back a connection from a worker, and distributes it again. Any thread may call this. */
    void giveBack(Connection connection) {
        returned.offer(connection);
        if (closed.get()) {
            closeReturned();
        } else {
            selector.wakeup();
        }
    }

    /** Stops listening, and waits until the address is free. Closes the connections that wait here. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            closeQuietly(listener);
            closeQuietly(selector); // wakes the thread; the listener's descriptor is closed with its registration
            released.complete(null);
        } else {
            awaitRelease();
        }
    }

    /** Waits until the address is free again, after any thread has called {@link #close}. */
    void awaitRelease() {
        released.join();
    }

    /**
     * Runs until the acceptor is closed. The thread may call this again after it has thrown: it then continues with
     * {@link #inHand}.
     */
    private void run() {
        ServiceThread own = requireNonNull(thread);
        while (!closed.get()) {
            try {
                own.busy();
                turn(own);
                pauseMillis = PAUSE_MILLIS;
            } catch (ClosedSelectorException | CancelledKeyException _) {
                // closed is set: no other code closes the selector or the listener
            } catch (IOException e) {
                if (!closed.get()) {
                    LOG.log(Level.WARNING,
                            () -> "accept on " + address + " failed; trying again in " + pauseMillis + " ms", e);
                    own.idle();
                    LockSupport.parkNanos(Duration.ofMillis(pauseMillis).toNanos());
                    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
                }
            }
        }
        if (inHand != null) {
            inHand.close();
        }
        closeReturned();
        closeQuietly(listener);
        closeQuietly(successor);
    }

    /** Distributes one connection, or waits for one. */
    private void turn(ServiceThread own) throws IOException {
        if (Admission.isHeld()) {
            own.idle();
            LockSupport.parkNanos(Duration.ofMillis(PAUSE_MILLIS).toNanos());
            return;
        }
        Connection next = inHand != null ? inHand : returned.poll();
        ReadyWorkers now = ready;
        boolean last = finishing; // read before the accept: after it, no connection may be missed
        if (next == null && !now.isEmpty() && listener.isOpen()) {
            next = accept();
        }
        inHand = next; // from here on, the next turn continues with it if anything fails
        if (next == null && last) {
            stopListening();
            await(own, 0, 0);
        } else if (next == null) {
            await(own, now.isEmpty() ? 0 : SelectionKey.OP_ACCEPT, 0);
        } else if (next.ageNanos() > HOLD.toNanos() || (last && !now.hasOpen())) {
            drop(next);
        } else if (dispatcher.deal(next, now)) {
            inHand = null;
        } else {
            await(own, 0, now.isEmpty() ? HOLD.toMillis() / 10 : PAUSE_MILLIS);
        }
    }

    private void stopListening() throws IOException {
        if (!finished) {
            closeQuietly(listener);
            closeQuietly(successor);
            selector.selectNow(); // closes the listener's descriptor
            finished = true;
        }
    }

    private void drop(Connection old) {
        inHand = null;
        old.close();
        LOG.log(Level.WARNING, "closed a connection to {0}: no worker took it within {1}", address,
                Quantities.text(Duration.ofNanos(old.ageNanos())));
    }

    private @Nullable Connection accept() throws IOException {
        SocketChannel accepted = acceptIfThere();
        if (accepted == null && successor != null) {
            listenOnSuccessor();
            accepted = acceptIfThere();
        }
        if (accepted == null) {
            return null;
        }
        Admission.countAccepted();
        return Connection.of(accepted, this);
    }

    /**
     * Accepts a connection; null if there is none. If no descriptor is left, the kernel refuses to accept before it
     * checks whether there is a connection, so only the selector can find out. If there is none, no descriptor is
     * needed, and a port that finishes has finished.
     */
    private @Nullable SocketChannel acceptIfThere() throws IOException {
        if (awaitsFirst) {
            return null;
        }
        try {
            return listener.accept();
        } catch (IOException e) {
            if (!listener.isOpen() || isConnectionThere()) {
                throw e;
            }
            awaitsFirst = true;
            return null;
        }
    }

    private boolean isConnectionThere() throws IOException {
        key.interestOps(SelectionKey.OP_ACCEPT);
        selector.selectNow();
        boolean there = selector.selectedKeys().contains(key);
        selector.selectedKeys().clear();
        selector.wakeup(); // this select may have consumed a wake-up that was meant for the next one
        return there;
    }

    /** Replaces the listener, after the last connection to the old socket has been accepted. */
    private void listenOnSuccessor() throws IOException {
        ServerSocketChannel next = successor;
        if (next != null) {
            closeQuietly(listener);
            listener = next;
            key = next.register(selector, 0);
            successor = null;
            awaitsFirst = false;
        }
    }

    /** Waits until the operation is possible, a connection is given back, or the ready workers change. */
    private void await(ServiceThread own, int operation, long millis) throws IOException {
        if (key.isValid()) {
            key.interestOps(operation);
        }
        own.idle();
        selector.select(millis);
        if (selector.selectedKeys().contains(key)) {
            awaitsFirst = false;
        }
        selector.selectedKeys().clear();
    }

    private void closeReturned() {
        for (Connection next = returned.poll(); next != null; next = returned.poll()) {
            next.close();
        }
    }

    static void closeQuietly(@Nullable Closeable closeable) {
        if (closeable != null) {
            try {
                closeable.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "could not close a socket", e);
            }
        }
    }
}
