package dev.corral.port;

import static java.util.Objects.requireNonNull;

import dev.corral.Balancer;
import dev.corral.thread.Log;
import dev.corral.queue.RunQueue;
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
 * The thread that takes the connections of one port and deals them to who is ready. While nobody is, connections wait, in the
 * kernel's backlog and for at most {@link #HOLD} here.
 */
final class Acceptor {
    /** How long an accepted connection waits for a worker. */
    private static final Duration HOLD = Duration.ofSeconds(30);

    private static final Log LOG = Log.get();
    /** Pause while all queues are full, and after the first failed accept; it doubles with each that fails in a row. */
    private static final long PAUSE_MILLIS = 10;
    /** After a failed accept: no file descriptor is left, as a rule. */
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final SocketAddress address;
    private final Selector selector;
    /** Who may get connections; replaced by the port. */
    private volatile ReadyWorkers ready = ReadyWorkers.NONE;
    /** A socket that is to take the place of the one that is listened on; taken by the thread. */
    private volatile @Nullable ServerSocketChannel successor;
    /** No more connections come than have come already; written by the port. */
    private volatile boolean finishing;
    /** Whether all of these have been dealt out; written by the thread. */
    private volatile boolean finished;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Completed when the address is free again. */
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    /** Polled by the thread, and by whoever sees that it is closed. */
    private final RunQueue<Connection> returned = new RunQueue<>();

    // Owned by the thread; the listener is also closed by whoever closes this.
    private volatile ServerSocketChannel listener;
    private SelectionKey key;
    private final ConnectionDispatcher dispatcher;
    private @Nullable Connection inHand;
    private long pauseMillis = PAUSE_MILLIS;
    /** Whether an accept has failed although no connection was there. Then none is tried before the selector has reported one. */
    private boolean awaitsFirst;
    /** Set by the start. */
    private @Nullable ServiceThread thread;

    private Acceptor(ServerSocketChannel listener, Selector selector, Balancer balancer) throws IOException {
        this.listener = listener;
        this.selector = selector;
        this.dispatcher = new ConnectionDispatcher(balancer);
        this.key = listener.register(selector, 0);
        this.address = listener.getLocalAddress();
    }

    /** Of a socket that listens already and is non-blocking; it is closed where this fails. */
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

    /** Starts the thread, named after that cluster. If there is no thread for it now, it is started later; until then connections wait. */
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

    /** Whether there is a worker to deal to. */
    boolean hasReady() {
        return !closed.get() && !finishing && !ready.isEmpty();
    }

    /**
     * Stops listening when all connections have been accepted that the kernel has. They are dealt out to the workers that are ready now,
     * and so is what these give back. Returns at once.
     */
    void finish() {
        finishing = true;
        selector.wakeup();
    }

    /** After {@link #finish}: whether every connection that came has been dealt out or closed. */
    boolean hasFinished() {
        return finished || closed.get();
    }

    /** Goes over to this socket when the last connection to the old one has been accepted. */
    void moveTo(ServerSocketChannel next) {
        successor = next;
        selector.wakeup();
    }

    /** Takes back a connection that was dealt out, to be dealt anew. */
    void giveBack(Connection connection) {
        returned.offer(connection);
        if (closed.get()) {
            closeReturned();
        } else {
            selector.wakeup();
        }
    }

    /** Stops listening, and waits until the address is free. Connections that wait here are closed. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            closeQuietly(listener);
            closeQuietly(selector); // wakes the thread; the listener's descriptor goes with its registration
            released.complete(null);
        } else {
            awaitRelease();
        }
    }

    /** Waits until the address is free again, after it was closed by anybody. */
    void awaitRelease() {
        released.join();
    }

    /** May be entered again after it has thrown: the connection in hand is dealt then. */
    private void run() {
        ServiceThread own = requireNonNull(thread);
        while (!closed.get()) {
            try {
                own.busy();
                turn(own);
                pauseMillis = PAUSE_MILLIS;
            } catch (ClosedSelectorException | CancelledKeyException _) {
                // closed is set: nobody else closes the selector or the listener
            } catch (IOException e) {
                if (!closed.get()) {
                    LOG.log(Level.WARNING, () -> "accept on " + address + " failed, goes on in " + pauseMillis + " ms",
                            e);
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

    /** Deals one connection, or waits for one. */
    private void turn(ServiceThread own) throws IOException {
        if (Admission.isHeld()) {
            own.idle();
            LockSupport.parkNanos(Duration.ofMillis(PAUSE_MILLIS).toNanos());
            return;
        }
        Connection next = inHand != null ? inHand : returned.poll();
        ReadyWorkers now = ready;
        boolean last = finishing; // before it accepts: what is there then is the last
        if (next == null && !now.isEmpty() && listener.isOpen()) {
            next = accept();
        }
        inHand = next; // whatever fails from here on, the next turn has it
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
            selector.selectNow(); // lets go of the listener's descriptor
            finished = true;
        }
    }

    private void drop(Connection old) {
        inHand = null;
        old.close();
        LOG.log(Level.WARNING, "a connection to {0} was closed: no worker took it for {1} ms", address,
                Duration.ofNanos(old.ageNanos()).toMillis());
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
     * Null if no connection is there. Where no descriptor is left, the kernel refuses to accept before it looks whether there is one, and
     * only the selector can tell. Nobody needs a descriptor then, and a port that finishes has finished.
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
        selector.wakeup(); // this select may have taken the wake-up that was meant for the next one
        return there;
    }

    /** After the last connection to the old socket has been accepted. */
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

    /** Until the operation is possible, something was given back, or who is ready has changed. */
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
                LOG.log(Level.DEBUG, "closing a socket", e);
            }
        }
    }
}
