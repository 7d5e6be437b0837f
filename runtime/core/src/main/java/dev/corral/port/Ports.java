package dev.corral.port;

import static java.util.Objects.requireNonNull;

import dev.corral.Balancer;
import dev.corral.CorralException;
import dev.corral.balance.GuardedBalancer;
import dev.corral.hotspot.ListeningProcess;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared ports of one cluster. When the first worker asks for an address, the master binds it. Every worker gets a
 * share. A port outlives its workers. It closes when the last live worker with a share closes its server, when no
 * worker will follow, or with the cluster.
 */
public final class Ports {
    /**
     * How long a bind waits for the address of a port that was closed just now. The JDK closes a listener that is in
     * the middle of an accept only when that accept returns.
     */
    private static final long RELEASE_NANOS = Duration.ofSeconds(1).toNanos();

    private final String cluster;
    private final Supplier<Balancer> balancers;
    private final Set<Integer> exclusive;
    private final ReentrantLock lock = new ReentrantLock();
    /**
     * The shared ports, under the requested address and under the address with the real port number. Guarded by the
     * lock.
     */
    private final Map<Key, SharedPort> ports = new HashMap<>();
    /** The ports that belong to one worker. Guarded by the lock. */
    private final List<SharedPort> exclusivePorts = new ArrayList<>();
    /** Whether no port can be bound any more. Guarded by the lock. */
    private boolean closed;

    /**
     * Creates the ports of a cluster; none is bound yet.
     *
     * @param cluster the name of the cluster
     * @param balancers creates the balancer of each port
     * @param exclusive the numbers of ports that are not shared
     */
    public Ports(String cluster, Supplier<Balancer> balancers, Set<Integer> exclusive) {
        this.cluster = cluster;
        this.balancers = balancers;
        this.exclusive = exclusive;
    }

    /**
     * The request of a worker, as a key of {@link #ports}.
     *
     * @param where an address, a path, or null for all addresses
     * @param index counts the servers with port 0 in one worker, from 0: the n-th such servers of all workers share a
     *        random port
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

    /**
     * Binds an address for a worker. The caller holds no lock, because this may call the user's supplier of balancers.
     */
    PortShare bind(WorkerPorts worker, @Nullable SocketAddress local, int backlog, ListenerOptions options)
            throws IOException {
        SocketAddress address = Addresses.checked(local);
        boolean shared = !isExclusive(address, options);
        Balancer balancer = shared ? null : Balancer.roundRobin();
        long closedNanos = 0;
        while (true) {
            Outcome outcome;
            try {
                outcome = tryBind(worker, address, backlog, options, balancer, shared);
            } catch (BindException e) {
                if (closedNanos == 0 || System.nanoTime() - closedNanos > RELEASE_NANOS) {
                    throw explained(e, address);
                }
                LockSupport.parkNanos(RELEASE_NANOS / 1_000);
                continue;
            }
            switch (outcome) {
                case Bound(PortShare share) -> {
                    return share;
                }
                case Closing(SharedPort port) -> {
                    port.close(); // or it only finishes: then this worker has come after all
                    closedNanos = System.nanoTime() | 1;
                }
                case Unbalanced _ -> balancer = GuardedBalancer.supplied(balancers);
            }
        }
    }

    /** Returns the exception, with the process that uses the port as its cause. The message stays the JDK's. */
    private static BindException explained(BindException e, SocketAddress address) {
        String message = e.getMessage();
        if (address instanceof InetSocketAddress inet && message != null && message.contains("in use")) {
            var user = new CorralException("port " + inet.getPort() + " is used by "
                    + ListeningProcess.on(inet.getPort()).orElse("another process"));
            user.setStackTrace(new StackTraceElement[0]);
            e.initCause(user);
        }
        return e;
    }

    /** The outcome of one attempt to bind. */
    private sealed interface Outcome {}

    private record Bound(PortShare share) implements Outcome {}

    /** The address belongs to a port that is closing. */
    private record Closing(SharedPort port) implements Outcome {}

    /** The port must be opened, and a balancer is needed first. */
    private record Unbalanced() implements Outcome {}

    private Outcome tryBind(WorkerPorts worker, SocketAddress address, int backlog, ListenerOptions options,
            @Nullable Balancer balancer, boolean shared) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            Key key = shared ? freeKey(worker, address) : null;
            SharedPort port = key == null ? null : ports.get(key);
            if (port != null && port.isClosed()) {
                ports.values().removeIf(port::equals);
                return new Closing(port);
            }
            if (port == null) {
                return balancer == null ? new Unbalanced()
                        : new Bound(open(key, worker, address, backlog, options, balancer));
            }
            if (key != null && key.where instanceof Path path && !Files.exists(path)) {
                port.listenAgain(backlog, options);
            }
            PortShare share = port.add(worker);
            return share == null ? new Closing(port) : new Bound(share);
        } finally {
            lock.unlock();
        }
    }

    private boolean isExclusive(SocketAddress address, ListenerOptions options) {
        return options.isPortReused()
                || (address instanceof InetSocketAddress inet && exclusive.contains(inet.getPort()));
    }

    /** Returns the key under which the worker can have a port: the first one of which it has no share yet. */
    private Key freeKey(WorkerPorts worker, SocketAddress address) throws BindException {
        Key key = Key.of(address, 0);
        for (SharedPort port = ports.get(key); port != null && port.hasShareOf(worker); port = ports.get(key)) {
            if (key.port != 0) {
                throw new BindException("Address already in use");
            }
            key = Key.of(address, key.index + 1);
        }
        return key;
    }

    /** Opens a port for its first worker. Without a key the port belongs to that worker only. */
    private PortShare open(@Nullable Key key, WorkerPorts worker, SocketAddress address, int backlog,
            ListenerOptions options, Balancer balancer) throws IOException {
        SharedPort port = SharedPort.open(cluster, address, backlog, options, balancer, key == null);
        try {
            if (key == null) {
                exclusivePorts.add(port);
            } else {
                ports.put(key, port);
                ports.put(Key.of(port.address(), 0), port);
            }
            return requireNonNull(port.add(worker), "no other thread can have closed it");
        } catch (RuntimeException | Error e) {
            port.close();
            throw e;
        }
    }

    /** Closes the ports in which no worker has a share, because no worker will follow. */
    public void closeUnused() {
        for (SharedPort port : all()) {
            port.closeIfUnused();
        }
    }

    /**
     * Stops listening on all ports for good, because all workers will end. Connections that have come are still handed
     * to workers.
     */
    public void finish() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        all().forEach(SharedPort::finish);
    }

    /**
     * Stops listening on all ports until a worker binds one again, because the workers that have shares are leaving and
     * none follows. A client that connected now would wait in vain. Connections that have come are still handed to
     * workers.
     */
    public void suspend() {
        all().forEach(SharedPort::finish);
    }

    /** Closes all ports at once. Connections that were handed to workers stay open. */
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
