package dev.corral.port;

import dev.corral.ConnectionHandler;
import dev.corral.ServerPort;
import dev.corral.Worker;
import dev.corral.thread.Log;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The network resources of one worker: its shares of ports, its connections, and the sockets, channels and selectors
 * that it has opened and that garbage collection would not close. Thread-safe.
 */
public final class WorkerPorts {
    private static final Log LOG = Log.get();

    private final Ports ports;
    private final Worker worker;
    private final Listener listener;
    private final Runnable left;
    /** The shares of the worker. Guarded by its own monitor. */
    private final List<PortShare> shares = new ArrayList<>();
    /** Resources that the worker has opened. The references are weak; the set is synchronized. */
    private final Set<Closeable> opened = Collections
            .synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    /** The connections that the worker has. Acceptors add them; the thread that closes or moves one removes it. */
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    /** The connections that have moved to other workers. The worker still has its own channel of each. */
    private final Set<Connection> given = ConcurrentHashMap.newKeySet();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean admitted;
    /**
     * Whether the worker receives no more connections. Written under the monitor of the shares, so that no share is
     * missed.
     */
    private volatile boolean retired;

    /** A listener for what the worker does with its ports. Called on a thread of the worker; it must return at once. */
    public interface Listener {
        /** The worker has bound the port. */
        void listening(InetSocketAddress address);

        /** The worker asks for connections of the port, for the first time since it was bound. */
        default void serving(InetSocketAddress address) {}
    }

    /**
     * A port that the worker has bound.
     *
     * @param address the bound address
     * @param openedNanos the time of the bind, as of {@link System#nanoTime}
     * @param isServed whether the worker has asked for connections since then
     * @param mayBeShared whether another worker can listen on the same address at the same time
     */
    public record OpenPort(SocketAddress address, long openedNanos, boolean isServed, boolean mayBeShared) {}

    /**
     * A server of the worker, with the connection that has waited longest.
     *
     * @param key equal for the same server
     * @param oldestNanos the time at which that connection was accepted, as of {@link System#nanoTime}; empty if none
     *        waits
     */
    public record Queue(Object key, SocketAddress address, OptionalLong oldestNanos) {}

    /**
     * Creates the resources of one worker; it has none yet.
     *
     * @param worker the worker as balancers see it
     * @param left runs after a share of the worker was closed
     */
    public WorkerPorts(Ports ports, Worker worker, Listener listener, Runnable left) {
        this.ports = ports;
        this.worker = worker;
        this.listener = listener;
        this.left = left;
    }

    Worker worker() {
        return worker;
    }

    /**
     * Binds a server of the worker. The caller holds no lock, because this may call the user's supplier of balancers.
     *
     * @param server keeps the share and closes it when the server is closed; false if the server has been closed
     *        already
     * @throws ClosedChannelException if the server has been closed already; the share is closed then
     */
    PortShare bind(@Nullable SocketAddress local, int backlog, ListenerOptions options, Predicate<PortShare> server)
            throws IOException {
        PortShare share = ports.bind(this, local, backlog, options);
        try {
            boolean late;
            synchronized (shares) {
                late = retired;
                shares.add(share);
            }
            if (!server.test(share)) {
                throw new AsynchronousCloseException();
            }
            if (late) {
                share.retire(); // a worker that is ending receives no connections
            } else {
                listener.listening(Addresses.inet(share.address()));
            }
            return share;
        } catch (IOException | RuntimeException | Error e) {
            share.close();
            throw e;
        }
    }

    /**
     * Binds the port together with other workers, and passes its connections to a handler.
     *
     * @param threads builds the thread that waits for connections, and one thread for each connection
     */
    public ServerPort serve(int port, ConnectionHandler handler, Thread.Builder threads) throws IOException {
        PortShare share = bind(new InetSocketAddress(port), 0, new ListenerOptions(), _ -> true);
        try {
            var served = new ServedPort(share, handler, threads, failed::increment);
            served.start();
            return served;
        } catch (RuntimeException | Error e) { // no thread is left
            share.close();
            throw e;
        }
    }

    /** Starts or stops the flow of connections. Connections that were handed over stay. */
    public void admit(boolean admit) {
        admitted = admit;
        ports.refresh();
    }

    boolean isAdmitted() {
        return admitted;
    }

    /** Whether the worker receives no more connections. */
    boolean isRetired() {
        return retired;
    }

    /**
     * Returns the share of the port that a client reaches at this address; null if the worker has none or its program
     * has closed it.
     */
    @Nullable
    PortShare shareAt(InetSocketAddress target) throws SocketException {
        for (PortShare share : shares()) {
            if (Addresses.reaches(target, share.address())) {
                return share;
            }
        }
        return null;
    }

    /** Records that the server of this share asks for connections for the first time. */
    void serves(PortShare share) {
        listener.serving(Addresses.inet(share.address()));
    }

    void left(PortShare share) {
        synchronized (shares) {
            shares.remove(share);
        }
        left.run();
    }

    void holds(Connection connection) {
        connections.add(connection);
    }

    void lost(Connection connection) {
        connections.remove(connection);
    }

    /** Records that the connection has moved to another worker; this worker's channel is still open. */
    void gave(Connection connection) {
        connections.remove(connection);
        given.add(connection);
    }

    void polled() {
        accepted.increment();
    }

    void opened(Closeable resource) {
        opened.add(resource);
    }

    /** Whether the program has a port that it has not closed. */
    public boolean hasOpenPort() {
        synchronized (shares) {
            return !shares.isEmpty();
        }
    }

    /** Returns the number of connections that the worker has polled so far. */
    public long accepted() {
        return accepted.sum();
    }

    /** Returns the number of connections whose handler threw. */
    public long failed() {
        return failed.sum();
    }

    /**
     * Returns the number of open connections that were handed to the worker, including those that it has not polled.
     */
    public int connections() {
        if (!WatchedChannel.isPossible()) {
            connections.removeIf(connection -> !connection.channel().isOpen());
        }
        return connections.size();
    }

    /** Returns the ports that the worker has now. */
    public List<OpenPort> openPorts() {
        return shares().stream().map(share -> new OpenPort(share.address(), share.openedNanos(), share.hasServed(),
                share.mayBeShared())).toList();
    }

    /** Returns the servers of the worker, with the connections that wait at them now. */
    public List<Queue> queues() {
        return shares().stream().map(share -> new Queue(share, share.address(), share.oldestNanos())).toList();
    }

    /**
     * Records that a server takes no connections: it gets no more until it asks again, and those that wait go to other
     * workers that are ready.
     */
    public void stall(Queue queue) {
        ((PortShare) queue.key).stall();
    }

    private List<PortShare> shares() {
        synchronized (shares) {
            return List.copyOf(shares);
        }
    }

    /**
     * Ends the flow of connections. Connections that were not polled go to other workers. The program is not notified.
     */
    public void retire() {
        leave().forEach(PortShare::retire);
    }

    /**
     * Ends the flow of connections like {@link #retire}. If all workers will end, the worker instead keeps the
     * connections that it has not polled, and still receives its part of the connections that the kernel had accepted
     * before.
     */
    public void drain() {
        leave().forEach(PortShare::drain);
    }

    /** Marks the worker as retired, and returns its shares. */
    private List<PortShare> leave() {
        admitted = false;
        synchronized (shares) {
            retired = true;
            return List.copyOf(shares);
        }
    }

    /** Whether, after {@link #drain}, connections wait to be polled or may still come. */
    public boolean awaitsConnections() {
        synchronized (shares) {
            return shares.stream().anyMatch(PortShare::awaitsConnections);
        }
    }

    /** Whether bytes have arrived on a connection that the program has not read; false if it is not known. */
    public boolean hasUnread() {
        return connections.stream().anyMatch(Connection::hasUnread);
    }

    /**
     * Moves connections to other workers, after {@link #retire}: those without an exchange under way now, the others
     * when their exchange has ended. Called repeatedly while the worker drains.
     *
     * @return whether there is a connection that may still move
     */
    public boolean handOver() {
        boolean left = false;
        for (Connection connection : connections) {
            left |= connection.leave();
        }
        return left;
    }

    /**
     * Closes the connections on which no exchange is under way and no bytes have arrived. Called if no other worker can
     * take them.
     */
    public void closeIdle() {
        connections.forEach(Connection::closeIfIdle);
    }

    /**
     * Closes everything that the worker has opened and not closed. Selectors are closed first, because they keep
     * channels open.
     */
    public void closeAll() {
        retire();
        List<Closeable> all;
        synchronized (opened) {
            all = new ArrayList<>(opened);
        }
        all.stream().filter(Selector.class::isInstance).forEach(WorkerPorts::close);
        all.stream().filter(resource -> !(resource instanceof Selector)).forEach(WorkerPorts::close);
        connections.forEach(Connection::close);
        given.forEach(Connection::close);
    }

    private static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException | RuntimeException | Error e) { // the resource may be of a class of the worker
            LOG.log(Level.DEBUG, "could not close a resource of a worker", e);
        }
    }
}
