package dev.corral.port;

import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A worker's part of a port: the connections that it has been handed and has not polled. */
final class PortShare {
    /** Connections that wait for the worker at most; further ones go to others, or wait in the kernel. */
    static final int CAPACITY = 256;
    /** Connections of the worker to itself that wait for it at most; a server needs one. */
    private static final int OWN_CAPACITY = 16;

    private final SharedPort port;
    private final WorkerPorts worker;
    private final Handoff<Connection> handed;
    /** What the worker sends itself when it is handed nothing more. It is nobody else's, so it ends with the server. */
    private final Handoff<Connection> own = new Handoff<>(OWN_CAPACITY, Connection::close);
    private final Waiters waiters = new Waiters();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long openedNanos = System.nanoTime();
    /** Whether the server takes connections. Changed by compare-and-set: by the server's threads, and by the watchdog's. */
    private final AtomicReference<Service> service = new AtomicReference<>(Service.NOT_YET);
    /** When the connection was accepted that the server did not take. Written by the watchdog's thread, before {@link #service}. */
    private volatile long stalledNanos;
    /** Rung after each connection; set by a channel that is used with a selector. */
    private volatile @Nullable Runnable bell;

    /** Whether the server takes connections. */
    private enum Service {
        /** It has been bound, and has not asked for a connection yet: it may still be getting ready. */
        NOT_YET,
        /** It has asked for a connection, and has not left one waiting for long since then. */
        SERVES,
        /** A connection has waited for a whole look of the watchdog, and the server has not asked for one since. */
        STALLED
    }

    PortShare(SharedPort port, WorkerPorts worker) {
        this.port = port;
        this.worker = worker;
        this.handed = new Handoff<>(CAPACITY, this::giveBack);
    }

    private void giveBack(Connection connection) {
        connection.unassign();
        port.giveBack(connection);
    }

    WorkerPorts worker() {
        return worker;
    }

    SocketAddress address() {
        return port.address();
    }

    /** Whether its connections are dealt out among several workers. */
    boolean isBalanced() {
        return !port.isExclusive();
    }

    /** Whether connections may be handed to it. */
    boolean isEligible() {
        return !handed.isClosed() && service.get() == Service.SERVES && worker.isAdmitted();
    }

    /** Whether its server has asked for a connection since it was bound. */
    boolean hasServed() {
        return service.get() != Service.NOT_YET;
    }

    /** Whether other workers may have a share of the same address. */
    boolean mayBeShared() {
        return port.mayBeShared();
    }

    /** When it was bound, by {@link System#nanoTime}. */
    long openedNanos() {
        return openedNanos;
    }

    /**
     * The server asks for connections: it accepts, or has a selector wait for them. From the first time on it is handed some, and again
     * after it had stalled. Costs a volatile read where nothing changes.
     */
    void asked() {
        Service before = service.get();
        if (before == Service.SERVES || !service.compareAndSet(before, Service.SERVES)) {
            return;
        }
        try {
            port.refresh();
            if (before == Service.NOT_YET) {
                worker.serves(this);
            }
        } catch (Throwable e) { // no memory: the next call does it
            service.set(before);
            throw e;
        }
    }

    /**
     * The connection that waits longest has waited for a whole look: nothing more comes to this server until it asks again, and what it
     * has not taken goes to others, if there are some that ask. Called again at each look, because others may ask by then.
     */
    void stall() {
        Connection oldest = handed.peek();
        if (oldest != null && service.get() == Service.SERVES) {
            stalledNanos = oldest.sinceNanos();
            if (service.compareAndSet(Service.SERVES, Service.STALLED)) {
                port.refresh();
            }
        }
        while (service.get() == Service.STALLED && port.hasReady()) {
            Connection next = handed.poll();
            if (next == null) {
                return;
            }
            giveBack(next);
        }
    }

    void setBell(Runnable bell) {
        this.bell = bell;
    }

    /** For the acceptor: false if there is no room; else the connection is taken care of. */
    boolean offer(Connection connection) {
        return put(connection, handed);
    }

    /** For the worker itself: false if there is no room or the server has been closed. */
    boolean offerOwn(Connection connection) {
        return put(connection, own);
    }

    private boolean put(Connection connection, Handoff<Connection> queue) {
        connection.assign(worker);
        if (!queue.offer(connection)) {
            connection.unassign();
            return false;
        }
        waiters.wakeOne();
        Runnable ring = bell;
        if (ring != null) {
            ring.run();
        }
        return true;
    }

    /** Takes the next connection; null if there is none. */
    @Nullable
    SocketChannel poll() {
        asked();
        Connection connection = handed.poll();
        if (connection == null) {
            connection = own.poll();
        }
        if (connection == null) {
            return null;
        }
        worker.polled();
        return connection.channel();
    }

    /**
     * Waits for the next connection.
     *
     * @param nanos how long at most; 0 for ever
     * @return null if the time is up or the share was closed
     */
    @Nullable
    SocketChannel take(long nanos) throws InterruptedException {
        return waiters.await(this::poll, this::isClosed, nanos);
    }

    /** When the connection was accepted that waits longest, or that made the server stall; empty if the server takes what comes. */
    OptionalLong oldestNanos() {
        if (service.get() == Service.STALLED) {
            return OptionalLong.of(stalledNanos);
        }
        Connection oldest = handed.peek();
        return oldest == null ? OptionalLong.empty() : OptionalLong.of(oldest.sinceNanos());
    }

    boolean isEmpty() {
        return handed.isEmpty() && own.isEmpty();
    }

    boolean isClosed() {
        return closed.get();
    }

    /**
     * The worker is to go: it is handed nothing more, and what it has not polled goes to others. For its program that is as
     * if nobody came any more: who waits for a connection goes on waiting.
     */
    void retire() {
        if (handed.close()) {
            port.left(this, false);
        }
    }

    /** The worker is to finish what it has. What it has not polled goes to others, unless the port is closed for all of them: then it stays. */
    void drain() {
        if (!port.isFinishing()) {
            retire();
        }
    }

    /** Whether connections wait for the worker, or may still come to it although it drains. */
    boolean awaitsConnections() {
        return !handed.isClosed() && (!handed.isEmpty() || (port.isFinishing() && !port.hasFinished()));
    }

    /** Whether connections can be handed to it, if it has room. */
    boolean isOpen() {
        return !handed.isClosed();
    }

    /** The program has closed its server: who waits for a connection waits in vain, and what was not polled goes to others. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            if (handed.close()) {
                port.left(this, true);
            }
            own.close();
            waiters.wakeAll();
            worker.left(this);
        }
    }
}
