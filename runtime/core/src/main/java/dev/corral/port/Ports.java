package dev.corral.port;

import static java.util.Objects.requireNonNull;

import dev.corral.Balancer;
import dev.corral.queue.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one cluster. The first worker that asks for an address has it bound, the others get a share. A port outlives
 * its workers; it closes when the last live worker that has it closes its server, when no worker will come any more, or with
 * the cluster.
 */
public final class Ports {
    private static final Log LOG = Log.get();

    private final String cluster;
    private final Supplier<Balancer> balancers;
    private final Set<Integer> exclusive;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. A port stands under what was asked for and under its real number. */
    private final Map<Key, SharedPort> ports = new HashMap<>();
    /** Guarded by the lock. */
    private final List<SharedPort> exclusivePorts = new ArrayList<>();
    /** Guarded by the lock. */
    private boolean closed;

    /**
     * Of the cluster of that name.
     *
     * @param balancers makes one for each port
     * @param exclusive numbers of ports that are not shared
     */
    public Ports(String cluster, Supplier<Balancer> balancers, Set<Integer> exclusive) {
        this.cluster = cluster;
        this.balancers = balancers;
        this.exclusive = exclusive;
    }

    /**
     * What workers ask for.
     *
     * @param where an address, a path, or null for all addresses
     * @param index the how-manieth of a worker with port 0: the n-th such server of every worker shares one random port
     */
    private record Key(@Nullable Object where, int port, int index) {
        static Key of(SocketAddress address, int index) {
            if (address instanceof InetSocketAddress inet) {
                InetAddress host = inet.getAddress();
                return new Key(host.isAnyLocalAddress() ? null : host, inet.getPort(), index);
            }
            return new Key(((UnixDomainSocketAddress) address).getPath().toAbsolutePath().normalize(), -1, index);
        }
    }

    Share bind(WorkerPorts worker, @Nullable SocketAddress local, int backlog, ListenerOptions options)
            throws IOException {
        SocketAddress address = Addresses.checked(local);
        lock.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            return isExclusive(address, options) ? bindExclusively(worker, address, backlog, options)
                    : bindShared(worker, address, backlog, options);
        } finally {
            lock.unlock();
        }
    }

    private boolean isExclusive(SocketAddress address, ListenerOptions options) {
        return options.isPortReused()
                || (address instanceof InetSocketAddress inet && exclusive.contains(inet.getPort()));
    }

    private Share bindExclusively(WorkerPorts worker, SocketAddress address, int backlog, ListenerOptions options)
            throws IOException {
        var port = SharedPort.open(cluster, address, backlog, options, Balancer.roundRobin(), true);
        exclusivePorts.add(port);
        return requireNonNull(port.add(worker), "nobody can have closed it");
    }

    private Share bindShared(WorkerPorts worker, SocketAddress address, int backlog, ListenerOptions options)
            throws IOException {
        Share share = null;
        while (share == null) { // null if the last worker that had the port has just closed it
            share = portFor(worker, address, backlog, options).add(worker);
        }
        return share;
    }

    private SharedPort portFor(WorkerPorts worker, SocketAddress address, int backlog, ListenerOptions options)
            throws IOException {
        Key key = Key.of(address, 0);
        SharedPort port = open(key);
        while (port != null && port.hasShareOf(worker)) {
            if (key.port != 0) {
                throw new BindException("Address already in use");
            }
            key = Key.of(address, key.index + 1);
            port = open(key);
        }
        if (port == null) {
            port = SharedPort.open(cluster, address, backlog, options, newBalancer(), false);
            ports.put(key, port);
            ports.put(Key.of(port.address(), 0), port);
        } else if (key.where instanceof Path path && !Files.exists(path)) {
            port.listenAgain(backlog, options);
        }
        return port;
    }

    private Balancer newBalancer() {
        try {
            return requireNonNull(balancers.get(), "the supplier of balancers returned null");
        } catch (RuntimeException | Error e) { // whatever user code throws
            LOG.log(Level.ERROR, "no balancer could be made; round robin takes its place", e);
            return Balancer.roundRobin();
        }
    }

    private @Nullable SharedPort open(Key key) {
        SharedPort port = ports.get(key);
        if (port != null && port.isClosed()) {
            port.awaitRelease();
            ports.values().remove(port);
            ports.remove(key);
            return null;
        }
        return port;
    }

    /** Closes the ports that no worker has: none will come for them any more. */
    public void closeUnused() {
        for (SharedPort port : all()) {
            port.closeIfUnused();
        }
    }

    /** Stops listening on all ports, for good. Connections that were handed out go on. */
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        all().forEach(SharedPort::close);
    }

    void refresh() {
        all().forEach(SharedPort::refresh);
    }

    private List<SharedPort> all() {
        lock.lock();
        try {
            ports.values().removeIf(SharedPort::isClosed);
            exclusivePorts.removeIf(SharedPort::isClosed);
            Set<SharedPort> all = new LinkedHashSet<>(ports.values());
            all.addAll(exclusivePorts);
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }
}
