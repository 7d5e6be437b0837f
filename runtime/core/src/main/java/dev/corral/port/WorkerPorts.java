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
 * The shares of one worker, the connections that it has, and the sockets, channels and selectors that it has opened and that
 * would not be closed by the collector. Thread-safe.
 */
public final class WorkerPorts {
    private static final Log LOG = Log.get();

    private final Ports ports;
    private final Worker worker;
    private final Listener listener;
    private final Runnable left;
    /** Guarded by its monitor. */
    private final List<PortShare> shares = new ArrayList<>();
    /** Weak; synchronized. */
    private final Set<Closeable> opened = Collections
            .synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    /** Added by acceptors, removed by whoever closes them. */
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    /** Those that others have now, over channels of their own. */
    private final Set<Connection> given = ConcurrentHashMap.newKeySet();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean admitted;
    /** Written under the monitor of the shares, so that no share is missed. */
    private volatile boolean retired;

    /** Hears what the worker does with its ports; on a thread of the worker, and must return at once. */
    public interface Listener {
        /** It has a share of the port. */
        void listening(InetSocketAddress address);

        /** It asks for connections of the port, for the first time since it was bound. */
        default void serving(InetSocketAddress address) {}
    }

    /**
     * A port that the worker has.
     *
     * @param address that it has been bound to
     * @param openedNanos when, by {@link System#nanoTime}
     * @param isServed whether the worker has asked for connections since then
     * @param mayBeShared whether another worker can listen on the same address at the same time
     */
    public record OpenPort(SocketAddress address, long openedNanos, boolean isServed, boolean mayBeShared) {}

    /**
     * A server of the worker that may leave connections waiting.
     *
     * @param key the same for the same server
     * @param oldestNanos as a number of the connection that waits longest; empty if none waits
     */
    public record Queue(Object key, SocketAddress address, OptionalLong oldestNanos) {}

    /**
     * Of one worker.
     *
     * @param worker as balancers see it
     * @param left hears that the worker has given a share back
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
     * Binds a server of the worker. No lock may be held: it may call the user's supplier of balancers.
     *
     * @param server keeps the share, and closes it when the server is closed; false if the server has been closed meanwhile
     * @throws ClosedChannelException if the server has been closed meanwhile: the share is closed then
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
                share.retire(); // nobody comes to a worker that is to go
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
     * Shares the port with other workers, and serves its connections.
     *
     * @param threads makes the thread that waits for connections, and one for each of them
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

    /** Lets connections come, or no more. What has been handed stays. */
    public void admit(boolean admit) {
        admitted = admit;
        ports.refresh();
    }

    boolean isAdmitted() {
        return admitted;
    }

    /** Whether it is handed nothing more. */
    boolean isRetired() {
        return retired;
    }

    /** Its share of the port that a client reaches under that address, if its program has not closed it; else null. */
    @Nullable
    PortShare shareAt(InetSocketAddress target) throws SocketException {
        for (PortShare share : shares()) {
            if (Addresses.reaches(target, share.address())) {
                return share;
            }
        }
        return null;
    }

    /** Its server asks for connections, for the first time. */
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

    /** Another worker has it; the channel that this one had is still open. */
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

    /** Whether its program has a port that it has not closed. */
    public boolean hasOpenPort() {
        synchronized (shares) {
            return !shares.isEmpty();
        }
    }

    /** Connections that it has polled so far. */
    public long accepted() {
        return accepted.sum();
    }

    /** Connections whose handler threw. */
    public long failed() {
        return failed.sum();
    }

    /** Connections handed to it that are open, those that it has not polled included. */
    public int connections() {
        if (!WatchedChannel.isPossible()) {
            connections.removeIf(connection -> !connection.channel().isOpen());
        }
        return connections.size();
    }

    /** The ports that it has now. */
    public List<OpenPort> openPorts() {
        return shares().stream().map(share -> new OpenPort(share.address(), share.openedNanos(), share.hasServed(),
                share.mayBeShared())).toList();
    }

    /** What waits at its servers now. */
    public List<Queue> queues() {
        return shares().stream().map(share -> new Queue(share, share.address(), share.oldestNanos())).toList();
    }

    /** This server takes nothing: nothing more comes to it until it asks again, and what waits goes to others, if there are some. */
    public void stall(Queue queue) {
        ((PortShare) queue.key).stall();
    }

    private List<PortShare> shares() {
        synchronized (shares) {
            return List.copyOf(shares);
        }
    }

    /** It is handed nothing more, and connections that it did not poll go to others. Its program is not told. */
    public void retire() {
        leave().forEach(PortShare::retire);
    }

    /**
     * As {@link #retire}, but where all workers are to go it keeps the connections that it did not poll, and is handed its part of those
     * that the kernel has accepted before.
     */
    public void drain() {
        leave().forEach(PortShare::drain);
    }

    /** Takes no new part in any port. Returns its shares. */
    private List<PortShare> leave() {
        admitted = false;
        synchronized (shares) {
            retired = true;
            return List.copyOf(shares);
        }
    }

    /** After {@link #drain}: whether connections wait to be polled, or may still come. */
    public boolean awaitsConnections() {
        synchronized (shares) {
            return shares.stream().anyMatch(PortShare::awaitsConnections);
        }
    }

    /** Whether bytes have come on a connection that its program has not read; false if that cannot be known. */
    public boolean hasUnread() {
        return connections.stream().anyMatch(Connection::hasUnread);
    }

    /**
     * After {@link #retire}: gives to other workers the connections on which no exchange is under way, and has the others follow when
     * theirs is over. To be called again and again while it drains.
     *
     * @return whether one is left that may follow
     */
    public boolean handOver() {
        boolean left = false;
        for (Connection connection : connections) {
            left |= connection.leave();
        }
        return left;
    }

    /** Closes connections on which no exchange is under way, and no bytes have come; for those that nobody else can take. */
    public void closeIdle() {
        connections.forEach(Connection::closeIfIdle);
    }

    /** Closes everything that the worker has opened and not closed: selectors first, for they hold channels open. */
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
        } catch (IOException | RuntimeException | Error e) { // it may be a class of the worker
            LOG.log(Level.DEBUG, "closing what a worker left open", e);
        }
    }
}
