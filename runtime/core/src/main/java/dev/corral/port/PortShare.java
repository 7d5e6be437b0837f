package dev.corral.port;

import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One worker's share of a port: the connections that were handed to the worker and that it has not polled. */
final class PortShare {
    /**
     * The number of connections that may wait for the worker. Further ones go to other workers or wait in the kernel.
     */
    static final int CAPACITY = 256;
    /** The number of connections of the worker to itself that may wait. A server needs one. */
    private static final int OWN_CAPACITY = 16;

    private final SharedPort port;
    private final WorkerPorts worker;
    private final Handoff<Connection> handed;
    /**
     * Connections of the worker to itself, after it receives no others. Only its own server may take them, so they are
     * closed with it.
     */
    private final Handoff<Connection> own = new Handoff<>(OWN_CAPACITY, Connection::close);
    private final Waiters waiters = new Waiters();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long openedNanos = System.nanoTime();
    /** Whether the server takes connections. Changed by compare-and-set, by the server's threads and the watchdog's. */
    private final AtomicReference<Service> service = new AtomicReference<>(Service.NOT_YET);
    /**
     * The time at which the connection was accepted that the server did not take. Written by the watchdog's thread,
     * before {@link #service}.
     */
    private volatile long stalledNanos;
    /** Runs after each connection that is added; set by a channel that is used with a selector. */
    private volatile @Nullable Runnable bell;

    /** Whether the server takes connections. */
    private enum Service {
        /** The server was bound and has not asked for a connection yet. It may still be starting. */
        NOT_YET,
        /** The server has asked for a connection, and has left none waiting for long since then. */
        SERVES,
        /** A connection has waited for a whole interval of the watchdog, and the server has not asked for one since. */
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

    /** Whether several workers may have a share of the port. */
    boolean isBalanced() {
        return !port.isExclusive();
    }

    /** Whether the acceptor may hand over connections now. */
    boolean isEligible() {
        return !handed.isClosed() && service.get() == Service.SERVES && worker.isAdmitted();
    }

    /** Whether the server has asked for a connection since it was bound. */
    boolean hasServed() {
        return service.get() != Service.NOT_YET;
    }

    /** Whether other workers may listen on the same address. */
    boolean mayBeShared() {
        return port.mayBeShared();
    }

    /** Returns the time at which it was bound, as of {@link System#nanoTime}. */
    long openedNanos() {
        return openedNanos;
    }

    /**
     * Records that the server asks for connections: it calls accept, or a selector waits for them. From the first call
     * on, and again after a stall, the share receives connections. Costs a volatile read if nothing changes.
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
        } catch (Throwable e) { // no memory: the next call tries again
            service.set(before);
            throw e;
        }
    }

    /**
     * Records that the oldest connection has waited for a whole interval of the watchdog. The server then receives no
     * more connections until it asks again, and those that it has not taken go to other servers that ask. Called in
     * each interval, because another server may have begun to ask.
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

    /** Adds a connection, on the acceptor's thread; false if there is no room or the share accepts no more. */
    boolean offer(Connection connection) {
        return put(connection, handed);
    }

    /** Adds a connection of the worker to itself; false if there is no room or the server has been closed. */
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
     * @param nanos the longest wait; 0 for no limit
     * @return null if the time is up or the share was closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    @Nullable
    SocketChannel take(long nanos) throws InterruptedException {
        return waiters.await(this::poll, this::isClosed, nanos);
    }

    /**
     * Returns the time at which the oldest waiting connection was accepted, or the connection that the stalled server
     * did not take. Empty if no connection waits.
     */
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
     * Ends the flow of connections, because the worker is ending. Connections that were not polled go to other workers.
     * The program notices nothing: a thread that waits for a connection keeps waiting.
     */
    void retire() {
        if (handed.close()) {
            port.left(this, false);
        }
    }

    /**
     * Prepares for the end of the worker. Connections that were not polled go to other workers. If the port finishes
     * for all workers, they stay.
     */
    void drain() {
        if (!port.isFinishing()) {
            retire();
        }
    }

    /** Whether connections wait for the draining worker, or may still be handed to it. */
    boolean awaitsConnections() {
        return !handed.isClosed() && (!handed.isEmpty() || (port.isFinishing() && !port.hasFinished()));
    }

    /** Whether connections can be handed over, if there is room. */
    boolean isOpen() {
        return !handed.isClosed();
    }

    /**
     * Closes the share, because the program has closed its server. Threads that wait for a connection return, and
     * connections that were not polled go to other workers.
     */
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
