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
 * An accepted connection. The master owns it until a worker polls it. Then that worker owns it until it is closed. If
 * the worker is ending and no request is in flight, the ownership moves to another worker. The socket stays the same,
 * and the other worker reads the bytes that the client has sent and no worker has read. The client notices nothing.
 */
final class Connection {
    private static final Log LOG = Log.get();
    private static final InetSocketAddress LOCAL = InetSocketAddress.createUnresolved("", 0);

    /**
     * After this number of consecutive checks inside the same read, the server is waiting for the next request rather
     * than receiving one.
     */
    private static final int CHECKS = 5;

    private final SocketChannel channel;
    private final SocketAddress remote;
    /** The acceptor that has accepted the connection; null if no other worker can take it. */
    private final @Nullable Acceptor acceptor;
    private final long sinceNanos = System.nanoTime();
    /**
     * The worker that owns the connection or has it in its queue; null while it waits in the master and after its
     * close.
     */
    private final AtomicReference<@Nullable WorkerPorts> holder = new AtomicReference<>();
    private final Watch watch = new Watch();

    private Connection(SocketChannel accepted, @Nullable Acceptor acceptor) throws IOException {
        this.remote = accepted.getRemoteAddress();
        this.acceptor = acceptor;
        this.channel = WatchedChannel.of(accepted, watch);
    }

    /** Continues the connection over another channel. The channel of {@code before} is given up. */
    private Connection(Connection before, boolean waiting) throws IOException {
        this.remote = before.remote;
        this.acceptor = before.acceptor;
        watch.readBytes = before.watch.readBytes;
        this.channel = WatchedChannel.giveUp(before.channel, remote, waiting, watch.readBytes, watch);
    }

    /**
     * Takes over a channel that was just accepted. Closes it if this fails.
     *
     * @param acceptor the acceptor that can take the connection back; null if the connection is for one worker only
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

    /** Returns the client's address, for balancers. */
    InetSocketAddress client() {
        return remote instanceof InetSocketAddress address ? address : LOCAL;
    }

    /** Returns the time at which it was accepted, as of {@link System#nanoTime}. */
    long sinceNanos() {
        return sinceNanos;
    }

    long ageNanos() {
        return System.nanoTime() - sinceNanos;
    }

    /** Counts the connection as one of the worker's. Called before it is put into the worker's queue. */
    void assign(WorkerPorts worker) {
        holder.set(worker);
        worker.holds(this);
    }

    /** Undoes {@link #assign}: the worker's queue was full, or the worker left before it polled the connection. */
    void unassign() {
        closed();
    }

    /**
     * Moves the connection to another worker as soon as no exchange is under way: now, or at the next read or close by
     * its server. Called repeatedly while its worker ends, because a server that waits for bytes that never come is
     * noticed only by comparing two calls.
     *
     * @return whether the connection may still move
     */
    boolean leave() {
        if (watch.movesUnderARead()) {
            close(); // wakes the server's thread, which waits for bytes
        }
        return watch.mayMove();
    }

    /** Whether bytes have arrived that the server has not read. */
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
            LOG.log(Level.DEBUG, "could not close a connection", e);
        }
    }

    /**
     * The watcher of the channel: it knows the traffic and the owner of the connection. All fields are guarded by the
     * monitor, in which no thread waits.
     */
    private final class Watch implements WatchedChannel.Watcher {
        private final HttpTraffic traffic = new HttpTraffic();
        /** The number of threads that are inside a read. */
        private int reading;
        /** The number of reads that have begun. */
        private long reads;
        private long readsAtCheck;
        /** The number of bytes that servers have read from the connection, including those before a move. */
        private long readBytes;
        /** The number of consecutive checks that found the server in the same read. */
        private int unchangedChecks;
        private boolean leaving;
        /** Whether the channel's close has begun. After that its descriptor may be closed at any moment. */
        private boolean closing;
        /** The same connection after it has moved; null while this object has it. */
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
                // A platform thread was reading when the connection moved, and has received bytes that belong to the other server. The
                // request is lost, as it is when a server closes an idle connection while a request arrives.
                LOG.log(Level.DEBUG,
                        "closed a connection from {0}: a request arrived while the connection was being moved",
                        remote);
                successor.watch.abandon();
                return;
            }
            readBytes += Math.max(0, count);
            if (count > 0 && buffer != null) {
                traffic.read(buffer, count);
            } else if (count > 0) {
                traffic.lost();
            }
        }

        /**
         * Closes the connection wherever it is by now. A request on it is lost, so no other server may wait for that
         * request.
         */
        private void abandon() {
            Connection next;
            synchronized (this) {
                next = successor;
                if (next == null) {
                    traffic.lost(); // so that the close does not move the connection
                }
            }
            if (next == null) {
                close();
            } else {
                next.watch.abandon();
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

        /**
         * Begins the move.
         *
         * @return whether the connection has moved while the server waits inside a read; only a close ends that read
         */
        synchronized boolean movesUnderARead() {
            leaving = true;
            if (successor != null) {
                return false;
            }
            if (reading == 0) {
                moves();
                return false;
            }
            unchangedChecks = reads == readsAtCheck ? unchangedChecks + 1 : 0;
            readsAtCheck = reads;
            return unchangedChecks >= CHECKS && moves();
        }

        /**
         * Moves the connection to another worker; false if an exchange is under way, no other worker is ready, or the
         * system refuses.
         */
        private boolean moves() {
            if (closing || !traffic.isIdle() || !canMove() || !isAtRest()) {
                return false;
            }
            try {
                var next = new Connection(Connection.this, reading > 0);
                successor = next;
                give(next);
                return true;
            } catch (IOException e) { // the client has reset the connection, or no descriptor is left
                LOG.log(Level.DEBUG, "could not move a connection to another worker", e);
                return false;
            }
        }

        /**
         * Whether the descriptor may be replaced while threads are inside a read. A read of a non-blocking channel
         * would block, because the connection becomes a blocking one. A selector would look for the old descriptor in
         * order to remove it.
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
            } catch (RuntimeException | Error e) { // no worker and no queue has it
                next.close();
                throw e;
            }
        }

        /** Whether no exchange is known to be under way and no request has arrived. */
        synchronized boolean isQuiet() {
            return leaving && successor == null && WatchedChannel.isPossible() && traffic.isIdle() && available() == 0;
        }

        synchronized boolean hasUnread() {
            return successor == null && WatchedChannel.isPossible() && available() > 0;
        }

        /**
         * Returns the number of bytes that have arrived and were not read; -1 if the channel is closed or of a Unix
         * domain socket.
         */
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
