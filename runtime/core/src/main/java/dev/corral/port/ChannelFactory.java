package dev.corral.port;

import dev.corral.hotspot.Descriptors;
import dev.corral.jdk.JdkInternal;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import sun.nio.ch.IOUtil;
import sun.nio.ch.SelChImpl;

/**
 * Creates the channels of {@link WatchedChannel}. Loaded only where the JDK's package is open.
 *
 * <p>The number of a descriptor is valid only while the channel's state lock is held and its state is
 * {@link #CONNECTED}. The JDK closes and replaces the descriptor of a channel under that lock only, and changes the
 * state before it does. As soon as the descriptor is closed, the kernel gives the number to the next file or socket
 * that anybody opens. So every use of a number, from the read of the number to the last system call on it, lies in one
 * block that holds the lock. The lock is a leaf: the JDK waits for nothing while it holds the lock, and this class
 * calls no watcher while it does.
 */
final class ChannelFactory implements WatchedChannel.Factory {
    private static final int UNCONNECTED = 0;
    private static final int CONNECTED = 2;

    private final Duplicator duplicator;
    private final MethodHandle constructor;
    private final MethodHandle remoteAddress;
    private final VarHandle family;
    private final VarHandle stateLock;
    private final VarHandle state;
    private final VarHandle givenUp;
    /** The read end of a pipe whose stream has ended, so every read returns the end of the stream; never closed. */
    private final SelChImpl ended;

    /** The system calls that take a descriptor's number. A test replaces this class to act between two calls. */
    static class Duplicator {
        int duplicate(int descriptor) throws IOException {
            return Descriptors.duplicate(descriptor);
        }

        void replace(int descriptor, int other) throws IOException {
            Descriptors.replace(descriptor, other);
        }

        long takenBytes(int descriptor) {
            return Descriptors.takenBytes(descriptor);
        }

        void close(int descriptor) {
            Descriptors.close(descriptor);
        }
    }

    ChannelFactory(Duplicator duplicator) throws ReflectiveOperationException, IOException {
        this.duplicator = duplicator;
        Pipe pipe = SharedSelectorProvider.ofJdk().openPipe();
        pipe.sink().close();
        ended = (SelChImpl) pipe.source();
        family = JdkInternal.CHANNEL_FAMILY.field();
        stateLock = JdkInternal.CHANNEL_LOCK.field();
        state = JdkInternal.CHANNEL_STATE.field();
        remoteAddress = JdkInternal.REMOTE_ADDRESS.method();
        MethodHandles.Lookup ofParent = JdkInternal.NEW_CHANNEL.lookup();
        Class<?> type = defineOnce(ofParent);
        givenUp = ofParent.findVarHandle(type, WatchedChannelCode.GIVEN_UP, boolean.class);
        constructor = ofParent.findConstructor(type,
                MethodType.methodType(void.class, SelectorProvider.class, ProtocolFamily.class,
                        FileDescriptor.class, SocketAddress.class, Object.class))
                .asType(MethodType.methodType(SocketChannel.class, SelectorProvider.class, ProtocolFamily.class,
                        FileDescriptor.class, SocketAddress.class, WatchedChannel.Watcher.class));
    }

    /** Defines the class, unless another copy of Corral in this JVM has done so. The class refers to the JDK only. */
    private static Class<?> defineOnce(MethodHandles.Lookup ofParent) throws ReflectiveOperationException {
        try {
            return ofParent.defineClass(WatchedChannelCode.bytes());
        } catch (LinkageError e) {
            return Class.forName(WatchedChannelCode.NAME, true, null);
        }
    }

    @Override
    public SocketChannel create(SocketChannel accepted, WatchedChannel.Watcher watcher) throws IOException {
        return create(accepted, ((SelChImpl) accepted).getFD(), accepted.getRemoteAddress(), watcher);
    }

    private SocketChannel create(SocketChannel like, FileDescriptor fd, SocketAddress remote,
            WatchedChannel.Watcher watcher) throws IOException {
        try {
            return (SocketChannel) constructor.invokeExact(like.provider(), (ProtocolFamily) family.get(like), fd,
                    remote, watcher);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting,
            long readBytes, WatchedChannel.Watcher watcher) throws IOException {
        synchronized (stateLock.get(channel)) {
            requireConnected(channel);
            int descriptor = ((SelChImpl) channel).getFDVal();
            int second = duplicator.duplicate(descriptor);
            try {
                FileDescriptor fd = IOUtil.newFD(second);
                requirePeer(fd, remote);
                SocketChannel next = create(channel, fd, remote, watcher);
                if (waiting) {
                    replaceUnderARead(descriptor, second, readBytes);
                }
                IOUtil.configureBlocking(fd, true);
                givenUp.setVolatile(channel, true);
                return next;
            } catch (IOException | RuntimeException | Error e) {
                duplicator.close(second);
                throw e;
            }
        }
    }

    /**
     * Ends the stream of the descriptor for the threads that are inside a read. After that, none of them can read from
     * the connection. One of them may have done so before, and not have returned from the read yet. The watcher then
     * knows of fewer bytes than have been read, and the descriptor becomes again what it was: the request belongs to
     * the server that has read it.
     */
    private void replaceUnderARead(int descriptor, int second, long readBytes) throws IOException {
        duplicator.replace(descriptor, ended.getFDVal());
        if (duplicator.takenBytes(second) > readBytes) {
            duplicator.replace(descriptor, second);
            throw new IOException("a request is being read");
        }
    }

    private void requireConnected(SocketChannel channel) throws ClosedChannelException {
        if ((int) state.getVolatile(channel) != CONNECTED) {
            throw new ClosedChannelException();
        }
    }

    /**
     * Checks that the descriptor belongs to the connection with this client, because code may close descriptors without
     * the JDK. Clients of a Unix domain socket have no address.
     */
    private void requirePeer(FileDescriptor fd, SocketAddress remote) throws IOException {
        if (!(remote instanceof InetSocketAddress)) {
            return;
        }
        try {
            var peer = (InetSocketAddress) remoteAddress.invokeExact(fd);
            if (!peer.equals(remote)) {
                throw new IOException(
                        "the descriptor of the connection from " + remote + " is that of one from " + peer);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    // The close of a connected channel would shut the connection down if a selector keeps the descriptor open.
    @Override
    public void spare(SocketChannel channel) {
        synchronized (stateLock.get(channel)) {
            state.setVolatile(channel, UNCONNECTED);
        }
    }
}
