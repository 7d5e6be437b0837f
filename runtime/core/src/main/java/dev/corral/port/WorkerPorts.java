package dev.corral.port;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shares of one worker, and the sockets, channels and selectors that it has opened and that would not be closed by the
 * collector. Thread-safe.
 */
public final class WorkerPorts implements Comparable<WorkerPorts> {
    private static final System.Logger LOG = System.getLogger("dev.corral");

    private final Ports ports;
    private final int slot;
    private final long worker;
    private final Consumer<InetSocketAddress> listening;
    private final Runnable left;
    /** Guarded by its monitor. */
    private final List<Share> shares = new ArrayList<>();
    /** Weak; synchronized. */
    private final Set<Closeable> opened = weakSet();
    /** Weak; synchronized. */
    private final Set<SocketChannel> connections = weakSet();
    private final LongAdder accepted = new LongAdder();
    private volatile boolean admitted;
    /** Guarded by the monitor of the shares. */
    private boolean closed;

    /**
     * Of one worker.
     *
     * @param listening hears the address of each port that the worker gets a share of; on the worker's thread
     * @param left hears that the worker has given a share back
     */
    public WorkerPorts(Ports ports, int slot, long worker, Consumer<InetSocketAddress> listening, Runnable left) {
        this.ports = ports;
        this.slot = slot;
        this.worker = worker;
        this.listening = listening;
        this.left = left;
    }

    private static <T> Set<T> weakSet() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    /** By slot; where two are in one slot, the older first. */
    @Override
    public int compareTo(WorkerPorts other) {
        return slot != other.slot ? Integer.compare(slot, other.slot) : Long.compare(worker, other.worker);
    }

    Share bind(@Nullable SocketAddress local, int backlog, ListenerOptions options)
            throws IOException {
        Share share = ports.bind(this, local, backlog, options);
        boolean late;
        synchronized (shares) {
            late = closed;
            if (!late) {
                shares.add(share);
            }
        }
        if (late) {
            share.close(false);
            throw new IOException("this worker is ending");
        }
        listening.accept(share.address());
        return share;
    }

    /** Lets connections come, or no more. What has been handed stays. */
    public void admit(boolean admit) {
        admitted = admit;
        ports.refresh();
    }

    boolean isAdmitted() {
        return admitted;
    }

    void left(Share share) {
        synchronized (shares) {
            shares.remove(share);
        }
        left.run();
    }

    void accepted(SocketChannel connection) {
        accepted.increment();
        connections.add(connection);
    }

    void opened(Closeable resource) {
        opened.add(resource);
    }

    /** Whether it has a share of a port. */
    public boolean hasOpenPort() {
        synchronized (shares) {
            return !shares.isEmpty();
        }
    }

    /** Connections handed to it so far. */
    public long accepted() {
        return accepted.sum();
    }

    /** Handed connections that are open. */
    public int connections() {
        synchronized (connections) {
            return (int) connections.stream().filter(SocketChannel::isOpen).count();
        }
    }

    /** Gives all shares back; connections that it did not poll go to others. It gets none any more. */
    public void closeShares() {
        admitted = false;
        List<Share> all;
        synchronized (shares) {
            closed = true;
            all = List.copyOf(shares);
        }
        all.forEach(share -> share.close(false));
    }

    /** Closes everything that the worker has opened and not closed: selectors first, for they hold channels open. */
    public void closeAll() {
        closeShares();
        List<Closeable> all = copy(opened);
        all.stream().filter(Selector.class::isInstance).forEach(WorkerPorts::close);
        all.stream().filter(resource -> !(resource instanceof Selector)).forEach(WorkerPorts::close);
        copy(connections).forEach(WorkerPorts::close);
    }

    private static <T> List<T> copy(Set<T> set) {
        synchronized (set) {
            return new ArrayList<>(set);
        }
    }

    private static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException | RuntimeException | Error e) { // it may be a class of the worker
            LOG.log(Level.DEBUG, "closing what a worker left open", e);
        }
    }
}
