package dev.corral.port;

import dev.corral.Balancer;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A bound address with its {@link Acceptor} and the workers' shares. It outlives the workers. */
final class SharedPort {
    /** The size of the kernel's queue of connections if the program does not state one. */
    private static final int BACKLOG = 1024;

    private final boolean exclusive;
    private final SocketAddress address;
    private final Acceptor acceptor;
    private final ReentrantLock lock = new ReentrantLock();
    /** The shares of all workers. Guarded by the lock. */
    private final List<PortShare> shares = new ArrayList<>();
    /** Whether the port is closed. Written under the lock, so that no share is added to a closing port. */
    private volatile boolean closed;
    /** Whether {@link #finish} was called. Written under the lock. */
    private volatile boolean finishing;

    private final boolean portReused;

    private SharedPort(Acceptor acceptor, boolean exclusive, boolean portReused) {
        this.acceptor = acceptor;
        this.address = acceptor.address();
        this.exclusive = exclusive;
        this.portReused = portReused;
    }

    /**
     * Binds the address and starts the acceptor.
     *
     * @param exclusive whether the port belongs to one worker only
     */
    static SharedPort open(String cluster, SocketAddress address, int backlog, ListenerOptions options,
            Balancer balancer, boolean exclusive) throws IOException {
        Acceptor acceptor = Acceptor.on(listen(address, backlog, options), balancer);
        acceptor.start(cluster);
        return new SharedPort(acceptor, exclusive, options.isPortReused());
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
            listener.bind(address, backlog > 0 ? backlog : BACKLOG);
            listener.configureBlocking(false);
            return listener;
        } catch (IOException | RuntimeException | Error e) {
            Acceptor.closeQuietly(listener);
            throw e;
        }
    }

    SocketAddress address() {
        return address;
    }

    boolean isExclusive() {
        return exclusive;
    }

    /** Whether another worker can listen on the same address at the same time. */
    boolean mayBeShared() {
        return !exclusive || portReused;
    }

    /** Whether there is a worker to which a connection can be handed. */
    boolean hasReady() {
        return acceptor.hasReady();
    }

    /**
     * Listens again on a path that a program has deleted before its bind, as programs do to remove a stale socket file.
     */
    void listenAgain(int backlog, ListenerOptions options) throws IOException {
        acceptor.moveTo(listen(address, backlog, options));
    }

    /** Adds a share for the worker; null if the port is closing. */
    @Nullable
    PortShare add(WorkerPorts worker) {
        var share = new PortShare(this, worker);
        lock.lock();
        try {
            if (closed || finishing) {
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

    /** Publishes the workers that may get connections, after a worker was admitted or has left. */
    void refresh() {
        lock.lock();
        try {
            if (finishing && !shares.isEmpty()) {
                return; // the last connections go to the workers that were ready; later, no worker may stay referenced
            }
            acceptor.dealTo(ReadyWorkers.of(shares));
        } finally {
            lock.unlock();
        }
    }

    void left(PortShare share, boolean byWorker) {
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

    /** Closes the port if no worker has a share; returns whether it did. */
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
        acceptor.close();
        return true;
    }

    /** Takes back a connection whose worker left before it polled it. */
    void giveBack(Connection connection) {
        acceptor.giveBack(connection);
    }

    /**
     * Stops listening, because all workers will end. Connections that the kernel has accepted by now are still handed
     * to the ready workers, and connections that were handed over stay with their workers.
     */
    void finish() {
        lock.lock();
        try {
            finishing = true;
        } finally {
            lock.unlock();
        }
        acceptor.finish();
    }

    boolean isFinishing() {
        return finishing;
    }

    /** Whether, after {@link #finish}, all connections have been handed over. A worker may still give one back. */
    boolean hasFinished() {
        return acceptor.hasFinished();
    }

    /**
     * Stops listening, and waits until the address is free again. Connections that were handed to workers stay open;
     * those that wait here are closed. May be called again.
     */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        acceptor.close();
    }

    /** Waits until the address of a closed port is free again. */
    void awaitRelease() {
        acceptor.awaitRelease();
    }
}
