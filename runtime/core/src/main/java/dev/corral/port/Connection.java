package dev.corral.port;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An accepted connection: the master's until a worker has polled it, then the worker's until it is closed. */
final class Connection {
    private static final System.Logger LOG = System.getLogger("dev.corral");
    private static final InetSocketAddress LOCAL = InetSocketAddress.createUnresolved("", 0);

    private final SocketChannel channel;
    private final long sinceNanos = System.nanoTime();
    /** Whose queue it is in, or who has it; null while it waits in the master, and when it has been closed. */
    private final AtomicReference<@Nullable WorkerPorts> holder = new AtomicReference<>();

    private Connection(SocketChannel accepted) {
        this.channel = ClosingChannel.of(accepted, this::closed);
    }

    /** Takes over a channel that was just accepted. */
    static Connection of(SocketChannel accepted) throws IOException {
        try {
            return new Connection(accepted);
        } catch (RuntimeException | Error e) {
            accepted.close();
            throw e;
        }
    }

    SocketChannel channel() {
        return channel;
    }

    /** The other end, for balancers. */
    InetSocketAddress client() {
        try {
            SocketAddress remote = channel.getRemoteAddress();
            return remote instanceof InetSocketAddress address ? address : LOCAL;
        } catch (IOException e) {
            return LOCAL; // closed meanwhile
        }
    }

    /** When it was accepted, by {@link System#nanoTime}. */
    long sinceNanos() {
        return sinceNanos;
    }

    long ageNanos() {
        return System.nanoTime() - sinceNanos;
    }

    /** Counts it among those of the worker. Before it is put into its queue. */
    void assign(WorkerPorts worker) {
        holder.set(worker);
        worker.holds(this);
    }

    /** Takes it back: the worker has not got it after all, or went before it polled it. */
    void unassign() {
        closed();
    }

    /** Called when the channel is closed, by whomever. */
    private void closed() {
        WorkerPorts worker = holder.getAndSet(null);
        if (worker != null) {
            worker.lost(this);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a connection", e);
        }
    }
}
