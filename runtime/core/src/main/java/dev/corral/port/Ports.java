package dev.corral.port;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one cluster. The first worker that asks for an address has it bound, the others get a share. A port outlives
 * its workers; it closes when the last live worker that has it closes its server, when no worker will come any more, or with
 * the cluster.
 */
public final class Ports {
    private final String cluster;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. A port stands under what was asked for and under its real number. */
    private final Map<Key, SharedPort> ports = new HashMap<>();
    /** Guarded by the lock. */
    private boolean closed;

    /** Of the cluster of that name. */
    public Ports(String cluster) {
        this.cluster = cluster;
    }

    /**
     * What workers ask for.
     *
     * @param address null for all
     * @param index the how-manieth of a worker with port 0: the n-th such server of every worker shares one random port
     */
    private record Key(@Nullable InetAddress address, int port, int index) {
        static Key of(InetSocketAddress address, int index) {
            InetAddress host = address.getAddress();
            return new Key(host.isAnyLocalAddress() ? null : host, address.getPort(), index);
        }
    }

    Share bind(WorkerPorts worker, @Nullable SocketAddress local, int backlog, ListenerOptions options)
            throws IOException {
        InetSocketAddress address = checked(local);
        lock.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
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
                port = SharedPort.open(cluster, address, backlog, options);
                ports.put(key, port);
                ports.put(Key.of(port.address(), 0), port);
            }
            return port.add(worker);
        } finally {
            lock.unlock();
        }
    }

    private static InetSocketAddress checked(@Nullable SocketAddress local) throws SocketException {
        if (local == null) {
            return new InetSocketAddress(0);
        }
        if (!(local instanceof InetSocketAddress address)) {
            throw new IllegalArgumentException("Unsupported address type: " + local);
        }
        if (address.isUnresolved()) {
            throw new SocketException("Unresolved address: " + address.getHostString());
        }
        return address;
    }

    private @Nullable SharedPort open(Key key) {
        SharedPort port = ports.get(key);
        if (port != null && port.isClosed()) {
            ports.values().remove(port);
            ports.remove(key);
            return null;
        }
        return port;
    }

    /** Closes the ports that no worker has: none will come for them any more. */
    public void closeUnused() {
        for (SharedPort port : all()) {
            if (port.isUnused()) {
                port.close();
            }
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
            return new ArrayList<>(ports.values());
        } finally {
            lock.unlock();
        }
    }
}
