package dev.corral.port;

import dev.corral.Capability;
import dev.corral.hotspot.Descriptors;
import dev.corral.jdk.JdkInternal;
import dev.corral.jdk.JdkInternal.State;
import dev.corral.thread.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Channels of accepted connections whose reads, writes and close are watched. Selectors and servers require the JDK's
 * own class of socket channels, so a subclass of it is generated at run time. The new channel takes over the descriptor
 * of the accepted channel, which is then dropped. If {@code sun.nio.ch} is not open, the accepted channel itself is
 * used, and nothing is watched.
 *
 * <p>A channel can be given up: its connection continues over another channel with another descriptor. To the server
 * that has the old channel, the client seems to have closed the connection: the server reads the end of the stream.
 * What the server does to the old channel after that has no effect on the connection.
 */
final class WatchedChannel {
    private static final Log LOG = Log.get();
    private static final @Nullable Factory FACTORY = factory();

    /**
     * The watcher of one channel. It consists of the JDK's own interfaces, because a class of {@code java.base} can
     * call only these. The server's threads call it.
     */
    @SuppressWarnings("overloads") // of inherited default methods, which are not called
    interface Watcher extends Runnable, BooleanSupplier, ObjIntConsumer<@Nullable ByteBuffer>, Consumer<Object>,
            IntConsumer {
        /** Called before a read; true if the channel must return the end of the stream instead of reading. */
        @Override
        boolean getAsBoolean();

        /**
         * Called after a read.
         *
         * @param buffer a buffer whose position is behind the bytes that were read; null if the bytes are not known
         * @param count the number of bytes; 0 or less if there are none
         */
        @Override
        void accept(@Nullable ByteBuffer buffer, int count);

        /**
         * Called before a write.
         *
         * @param buffers the buffer, or an array of buffers
         */
        @Override
        void accept(Object buffers);

        /**
         * Called after a write.
         *
         * @param count the number of bytes; 0 if the write failed or there was no room
         */
        @Override
        void accept(int count);

        /** Called once, before the channel is closed. */
        @Override
        void run();
    }

    private WatchedChannel() {}

    /** Whether channels are watched in this JVM. */
    static boolean isPossible() {
        return FACTORY != null;
    }

    /** Returns a channel for the accepted connection, which the watcher watches. */
    static SocketChannel of(SocketChannel accepted, Watcher watcher) throws IOException {
        return FACTORY == null ? accepted : FACTORY.create(accepted, watcher);
    }

    /** Whether {@link #giveUp} is possible. */
    static boolean canBeGivenUp() {
        return FACTORY != null && Descriptors.canDuplicate();
    }

    /**
     * Gives the channel up, and creates another one for its connection. The channel keeps its own descriptor, which its
     * close closes. The watcher may call this during {@link Watcher#run}, but not after that.
     *
     * @param remote the client's address
     * @param waiting whether a thread waits in a read of the channel. A virtual thread reads once more before it checks
     *        whether the channel is closed, so the channel's descriptor is then replaced by one whose stream has ended
     * @param readBytes the number of bytes that the watchers of the connection know to be read. If a waiting thread has
     *        read more, the channel is not given up
     * @param watcher the watcher of the new channel
     * @return a blocking channel for the same connection
     * @throws IOException if no descriptor is left, the client has gone, the channel has been closed, or a waiting
     *         thread has just read something. The channel then stays as it was
     */
    static SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, long readBytes,
            Watcher watcher) throws IOException {
        if (FACTORY == null) {
            throw new IllegalStateException("this channel is not watched");
        }
        return FACTORY.giveUp(channel, remote, waiting, readBytes, watcher);
    }

    /** Makes the close of a given-up channel, which has begun, leave the connection alone. */
    static void spare(SocketChannel channel) {
        if (FACTORY != null) {
            FACTORY.spare(channel);
        }
    }

    /** Creates the channels. */
    interface Factory {
        /** Implements {@link WatchedChannel#of}. */
        SocketChannel create(SocketChannel accepted, Watcher watcher) throws IOException;

        /** Implements {@link WatchedChannel#giveUp}. */
        SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, long readBytes,
                Watcher watcher) throws IOException;

        /** Implements {@link WatchedChannel#spare}. */
        void spare(SocketChannel channel);
    }

    /**
     * Initializes this class, which opens a pipe. Called early, while file descriptors are available, because a failure
     * is final.
     */
    static void prepare() {}

    private static @Nullable Factory factory() {
        if (JdkInternal.NEW_CHANNEL.state() != State.PRESENT || !JdkInternal.haveAllLike(JdkInternal.NEW_CHANNEL)
                || !JdkInternal.absent(Capability.SHARED_NIO_PORTS).isEmpty()) {
            return null; // not open, or another JDK, with other internals
        }
        try {
            return new ChannelFactory(new ChannelFactory.Duplicator());
        } catch (ReflectiveOperationException | IOException | LinkageError e) {
            LOG.log(Level.WARNING, "connections are not watched: they stay with their worker until they are closed", e);
            return null;
        }
    }
}
