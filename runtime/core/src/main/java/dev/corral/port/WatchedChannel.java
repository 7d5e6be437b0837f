package dev.corral.port;

import dev.corral.hotspot.Descriptors;
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
 * Channels of accepted connections that are watched: what is read, what is written, and the close. The JDK's class of socket
 * channels is extended at run time, because selectors and servers want just that class; the new channel takes over the
 * descriptor of the accepted one, which is then forgotten. Where {@code sun.nio.ch} is not open, the channel stays what it was, and
 * nobody watches.
 *
 * <p>A channel can be given up: its connection goes on, over another channel with another descriptor. For the server that has the
 * channel it is as if its client had closed the connection: it reads the end of the stream. What it does to the channel then
 * does nothing to the connection.
 */
final class WatchedChannel {
    private static final Log LOG = Log.get();
    private static final @Nullable Maker MAKER = maker();

    /**
     * Who watches one channel. Made of the JDK's own interfaces, for those are what a class of {@code java.base} can call. Called on
     * the server's threads.
     */
    @SuppressWarnings("overloads") // of default methods that nobody calls
    interface Watcher extends Runnable, BooleanSupplier, ObjIntConsumer<@Nullable ByteBuffer>, Consumer<Object>,
            IntConsumer {
        /** Before a read; true to have the channel tell the end of the stream instead. */
        @Override
        boolean getAsBoolean();

        /**
         * After a read.
         *
         * @param buffer whose position is behind what was read; null if it is not known
         * @param count of the bytes; 0 or less if there are none
         */
        @Override
        void accept(@Nullable ByteBuffer buffer, int count);

        /** Before a write of this buffer, or of these: an array of them. */
        @Override
        void accept(Object buffers);

        /** After a write of so many bytes; 0 if it failed or there was no room. */
        @Override
        void accept(int count);

        /** The channel is about to be closed; once. */
        @Override
        void run();
    }

    private WatchedChannel() {}

    /** Whether channels are watched. */
    static boolean isPossible() {
        return MAKER != null;
    }

    /** The accepted connection as a channel that this one watches. */
    static SocketChannel of(SocketChannel accepted, Watcher watcher) throws IOException {
        return MAKER == null ? accepted : MAKER.make(accepted, watcher);
    }

    /** Whether {@link #giveUp} is possible. */
    static boolean canBeGivenUp() {
        return MAKER != null && Descriptors.canDuplicate();
    }

    /**
     * Gives the channel up, and creates another one for its connection. The channel keeps its own descriptor, which its close
     * closes. May be called by the watcher while it is told of the close, but not after that.
     *
     * @param remote the client's address
     * @param waiting whether a thread waits in a read of the channel. A virtual thread reads once more before it checks whether the
     *        channel is closed, so the channel's descriptor then becomes one that has nothing to read
     * @param watcher of the new channel
     * @return a blocking channel for the same connection
     * @throws IOException if no descriptor is left, the client has gone, or the channel has been closed. The channel then
     *         stays as it was
     */
    static SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, Watcher watcher)
            throws IOException {
        if (MAKER == null) {
            throw new IllegalStateException("this channel is not watched");
        }
        return MAKER.giveUp(channel, remote, waiting, watcher);
    }

    /** Makes the close of a channel that was given up, which has begun, leave the connection alone. */
    static void spare(SocketChannel channel) {
        if (MAKER != null) {
            MAKER.spare(channel);
        }
    }

    /** Creates the channels. */
    interface Maker {
        /** As {@link WatchedChannel#of}. */
        SocketChannel make(SocketChannel accepted, Watcher watcher) throws IOException;

        /** As {@link WatchedChannel#giveUp}. */
        SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, Watcher watcher)
                throws IOException;

        /** As {@link WatchedChannel#spare}. */
        void spare(SocketChannel channel);
    }

    /** Initialises this class, which opens a pipe. To be called while there are file descriptors: it is not tried again. */
    static void prepare() {}

    private static @Nullable Maker maker() {
        if (!Object.class.getModule().isOpen("sun.nio.ch", WatchedChannel.class.getModule())) {
            return null;
        }
        try {
            return new ChannelMaker(new ChannelMaker.Duplicator());
        } catch (ReflectiveOperationException | IOException | LinkageError e) { // a JDK that does it in another way
            LOG.log(Level.WARNING,
                    "connections of workers are not watched: they stay with theirs until they are closed", e);
            return null;
        }
    }
}
