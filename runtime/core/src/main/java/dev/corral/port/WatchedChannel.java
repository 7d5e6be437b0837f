package dev.corral.port;

import dev.corral.hotspot.Descriptors;
import dev.corral.queue.Log;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.IOUtil;
import sun.nio.ch.SelChImpl;

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
     * Gives it up, even where its close has begun. It keeps its own descriptor, which is to be closed.
     *
     * @param remote the other end
     * @param waiting whether somebody waits in a read of it, and would read once more before he looks whether it is closed, as a virtual
     *        thread does: then there is nothing left to be read
     * @param watcher of the new channel
     * @return a blocking channel for the same connection
     * @throws IOException if there is no descriptor for it, or the client has gone
     */
    static SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, Watcher watcher)
            throws IOException {
        if (MAKER == null) {
            throw new IllegalStateException("this channel is not watched");
        }
        return MAKER.giveUp(channel, remote, waiting, watcher);
    }

    /** Has the close of a channel that was given up, which has begun, leave the connection alone. */
    static void spare(SocketChannel channel) {
        if (MAKER != null) {
            MAKER.spare(channel);
        }
    }

    /** Makes them. */
    private interface Maker {
        SocketChannel make(SocketChannel accepted, Watcher watcher) throws IOException;

        SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, Watcher watcher)
                throws IOException;

        void spare(SocketChannel channel);
    }

    private static @Nullable Maker maker() {
        if (!Object.class.getModule().isOpen("sun.nio.ch", WatchedChannel.class.getModule())) {
            return null;
        }
        try {
            return new Subclass();
        } catch (ReflectiveOperationException | IOException | LinkageError e) { // a JDK that does it in another way
            LOG.log(Level.WARNING,
                    "connections of workers are not watched: they stay with theirs until they are closed", e);
            return null;
        }
    }

    /** Loaded only where the JDK's package is open. */
    private static final class Subclass implements Maker {
        private static final int UNCONNECTED = 0;

        private final MethodHandle constructor;
        private final VarHandle family;
        private final VarHandle state;
        private final VarHandle givenUp;
        /** Of which nobody reads anything but the end. */
        private final SelChImpl ended;

        Subclass() throws ReflectiveOperationException, IOException {
            Pipe pipe = SharedSelectorProvider.ofJdk().openPipe();
            pipe.sink().close();
            ended = (SelChImpl) pipe.source();
            Class<?> parent = Class.forName(WatchedChannelCode.PARENT);
            MethodHandles.Lookup ofParent = MethodHandles.privateLookupIn(parent, MethodHandles.lookup());
            family = ofParent.findVarHandle(parent, "family", ProtocolFamily.class);
            state = ofParent.findVarHandle(parent, "state", int.class);
            Class<?> type = defineOnce(ofParent);
            givenUp = ofParent.findVarHandle(type, WatchedChannelCode.GIVEN_UP, boolean.class);
            constructor = ofParent.findConstructor(type,
                    MethodType.methodType(void.class, SelectorProvider.class, ProtocolFamily.class,
                            FileDescriptor.class, SocketAddress.class, Object.class))
                    .asType(MethodType.methodType(SocketChannel.class, SelectorProvider.class, ProtocolFamily.class,
                            FileDescriptor.class, SocketAddress.class, Watcher.class));
        }

        /** Another copy of Corral in this JVM may have done so; the class refers to the JDK only. */
        private static Class<?> defineOnce(MethodHandles.Lookup ofParent) throws ReflectiveOperationException {
            try {
                return ofParent.defineClass(WatchedChannelCode.bytes());
            } catch (LinkageError e) {
                return Class.forName(WatchedChannelCode.NAME, true, null);
            }
        }

        @Override
        public SocketChannel make(SocketChannel accepted, Watcher watcher) throws IOException {
            return make(accepted, ((SelChImpl) accepted).getFD(), accepted.getRemoteAddress(), watcher);
        }

        private SocketChannel make(SocketChannel like, FileDescriptor fd, SocketAddress remote, Watcher watcher) {
            try {
                return (SocketChannel) constructor.invokeExact(like.provider(), (ProtocolFamily) family.get(like), fd,
                        remote, watcher);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a connection cannot be taken over", e);
            }
        }

        @Override
        public SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, Watcher watcher)
                throws IOException {
            int descriptor = ((SelChImpl) channel).getFDVal();
            FileDescriptor fd = IOUtil.newFD(Descriptors.duplicate(descriptor));
            IOUtil.configureBlocking(fd, true);
            SocketChannel next = make(channel, fd, remote, watcher);
            givenUp.setVolatile(channel, true);
            if (waiting) {
                Descriptors.replace(descriptor, ended.getFDVal());
            }
            return next;
        }

        // A channel that is connected is shut down by its close, if a selector keeps the descriptor open.
        @Override
        public void spare(SocketChannel channel) {
            state.setVolatile(channel, UNCONNECTED);
        }
    }
}
