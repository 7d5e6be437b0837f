package dev.corral.port;

import static java.util.Objects.requireNonNull;

import dev.corral.thread.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection. The master owns it until a worker polls it. Then that worker owns it until it is closed. If the worker is to end
 * while no request is in flight, the ownership moves to another worker. The socket stays as it is, and the other worker reads what the client
 * has sent and nobody has read. The client notices nothing.
 */
final class Connection {
    private static final Log LOG = Log.get();
    private static final InetSocketAddress LOCAL = InetSocketAddress.createUnresolved("", 0);

    /** After this many consecutive checks inside the same read, the server waits for the next request, and does not receive data. */
    private static final int LOOKS = 5;

    private final SocketChannel channel;
    private final SocketAddress remote;
    /** The acceptor that has accepted it; null for a connection that no other worker can take. */
    private final @Nullable Acceptor acceptor;
    private final long sinceNanos = System.nanoTime();
    /** The worker that owns it, or in whose queue it is; null while it waits in the master, and after it was closed. */
    private final AtomicReference<@Nullable WorkerPorts> holder = new AtomicReference<>();
    private final Watch watch = new Watch();

    private Connection(SocketChannel accepted, @Nullable Acceptor acceptor) throws IOException {
        this.remote = accepted.getRemoteAddress();
        this.acceptor = acceptor;
        this.channel = WatchedChannel.of(accepted, watch);
    }

    /** The same connection over another channel: the one before is given up. */
    private Connection(Connection before, boolean waiting) throws IOException {
        this.remote = before.remote;
        this.acceptor = before.acceptor;
        this.channel = WatchedChannel.giveUp(before.channel, remote, waiting, watch);
    }

    /**
     * Takes over a channel that was just accepted.
     *
     * @param acceptor that has accepted it, and may be given it back; null if it is for one worker only
     */
    static Connection of(SocketChannel accepted, @Nullable Acceptor acceptor) throws IOException {
        try {
            return new Connection(accepted, acceptor);
        } catch (IOException | RuntimeException | Error e) {
            accepted.close();
            throw e;
        }
    }

    SocketChannel channel() {
        return channel;
    }

    /** The other end, for balancers. */
    InetSocketAddress client() {
        return remote instanceof InetSocketAddress address ? address : LOCAL;
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

    /**
     * Its worker is to go: the connection is given to another one as soon as no exchange is under way, which may be now, or at the next
     * read or close of its server. Called again and again, for no bytes may come.
     *
     * @return whether that may still happen
     */
    boolean leave() {
        if (watch.isToBeClosed()) {
            close(); // its server waits for bytes in a thread, which this wakes
        }
        return watch.mayMove();
    }

    /** Whether bytes have come that its server has not read. */
    boolean hasUnread() {
        return watch.hasUnread();
    }

    void closeIfIdle() {
        if (watch.isQuiet()) {
            close();
        }
    }

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

    /** What goes over the channel, and who has it. All under the monitor; never waits in it. */
    private final class Watch implements WatchedChannel.Watcher {
        private final HttpTraffic traffic = new HttpTraffic();
        /** Threads that are inside of a read. */
        private int reading;
        /** How often one has begun, and how often it had when it was looked at last. */
        private long reads;
        private long readsAtLook;
        /** Looks in a row that found a server in the same read. */
        private int looks;
        private boolean leaving;
        /** Set when the channel's close has begun: after that its descriptor may be closed at any moment. */
        private boolean closing;
        /** The same connection in the hands of who has got it; null while this one has it. */
        private @Nullable Connection successor;

        @Override
        public synchronized boolean getAsBoolean() {
            if (successor != null || (leaving && moves())) {
                return true;
            }
            reading++;
            reads++;
            return false;
        }

        @Override
        public synchronized void accept(@Nullable ByteBuffer buffer, int count) {
            reading--;
            if (count > 0 && successor != null) {
                // Its server was reading when the connection moved, and has got a part of what is the other's. That can only be lost,
                // as when a server closes an idle connection just as a request comes.
                LOG.log(Level.DEBUG, "a connection from {0} was closed: a request came as it moved", remote);
                successor.close();
            } else if (count > 0 && buffer != null) {
                traffic.read(buffer, count);
            } else if (count > 0) {
                traffic.lost();
            }
        }

        @Override
        public synchronized void accept(Object buffers) {
            if (buffers instanceof ByteBuffer buffer) {
                traffic.writing(buffer);
            } else {
                for (Object each : (Object[]) buffers) {
                    traffic.writing((ByteBuffer) each);
                }
            }
        }

        @Override
        public synchronized void accept(int count) {
            traffic.wrote(count);
        }

        @Override
        public void run() {
            try {
                spareIfMoved();
            } finally {
                closed();
            }
        }

        private synchronized void spareIfMoved() {
            try {
                if (successor != null || (leaving && moves())) {
                    WatchedChannel.spare(channel);
                }
            } finally {
                closing = true;
            }
        }

        /** True if its server has been waiting in a read for so long that only a close moves the connection. */
        synchronized boolean isToBeClosed() {
            leaving = true;
            if (successor != null) {
                return false;
            }
            if (reading == 0) {
                moves();
                return false;
            }
            looks = reads == readsAtLook ? looks + 1 : 0;
            readsAtLook = reads;
            return looks >= LOOKS && isAtRest() && traffic.isIdle() && canMove();
        }

        /** Gives the connection to another worker, if no exchange is under way and there is one. */
        private boolean moves() {
            if (closing || !traffic.isIdle() || !canMove() || !isAtRest()) {
                return false;
            }
            try {
                var next = new Connection(Connection.this, reading > 0);
                successor = next;
                give(next);
                return true;
            } catch (IOException e) { // the client has reset it, or there is no descriptor
                LOG.log(Level.DEBUG, "a connection stays with its worker", e);
                return false;
            }
        }

        /**
         * Whether the descriptor may be replaced under the threads that are inside of a read. A read of a non-blocking channel
         * would block, since the connection becomes a blocking one; a selector would not find what it has to let go of.
         */
        private boolean isAtRest() {
            return reading == 0 || (channel.isBlocking() && !channel.isRegistered());
        }

        private void give(Connection next) {
            try {
                WorkerPorts worker = holder.getAndSet(null);
                if (worker != null) {
                    worker.gave(Connection.this);
                }
                requireNonNull(acceptor).giveBack(next);
            } catch (RuntimeException | Error e) { // nobody has it
                next.close();
                throw e;
            }
        }

        /** Whether no exchange is under way, as far as is known, and none has been asked for. */
        synchronized boolean isQuiet() {
            return leaving && successor == null && WatchedChannel.isPossible() && traffic.isIdle() && available() == 0;
        }

        synchronized boolean hasUnread() {
            return successor == null && WatchedChannel.isPossible() && available() > 0;
        }

        /** Bytes that have come and were not read; -1 if the channel is closed or of a Unix domain. */
        private int available() {
            try {
                return channel.socket().getInputStream().available();
            } catch (IOException | RuntimeException e) {
                return -1;
            }
        }

        synchronized boolean mayMove() {
            return successor == null && !traffic.isOpaque() && canMove();
        }

        private boolean canMove() {
            return acceptor != null && WatchedChannel.canBeGivenUp() && acceptor.hasReady();
        }
    }
}
