package dev.corral.port;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Cluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The number of a channel's descriptor becomes another file's as soon as the channel is closed. The tests close the
 * channel while its number is in use, and take the number for a pipe or for the connection of another client.
 */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class GivenUpChannelTest {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Steps steps = new Steps();
    private final Spy watcher = new Spy();
    private ChannelFactory factory;
    private ServerSocketChannel server;
    private SocketChannel client;
    private SocketChannel channel;

    /** Runs an action of the test between the read of the descriptor's number and its use. */
    private static final class Steps extends ChannelFactory.Duplicator {
        private @Nullable Action beforeDuplicate;
        private @Nullable Action beforeReplace;
        private int last = -1;
        private int instead = -1;

        @Override
        int duplicate(int descriptor) throws IOException {
            run(beforeDuplicate);
            last = descriptor;
            return super.duplicate(instead < 0 ? descriptor : instead);
        }

        @Override
        void replace(int descriptor, int other) throws IOException {
            run(beforeReplace);
            super.replace(descriptor, other);
        }

        private static void run(@Nullable Action action) throws IOException {
            if (action != null) {
                action.run();
            }
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    /** Watches nothing, but runs an action of the test where a watcher is called. */
    private static final class Spy implements WatchedChannel.Watcher {
        private final List<String> calls = new ArrayList<>();
        private @Nullable Action beforeWrite;
        private boolean ended;

        @Override
        public boolean getAsBoolean() {
            calls.add("begin");
            return ended;
        }

        @Override
        public void accept(@Nullable ByteBuffer buffer, int count) {
            calls.add("end " + count);
        }

        @Override
        public void accept(Object buffers) {
            try {
                Steps.run(beforeWrite);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void accept(int count) {}

        @Override
        public void run() {
            if (ended) {
                throw new OutOfMemoryError("made up");
            }
        }
    }

    /** Makes Corral's provider of channels the JVM's, as long as nobody has opened a channel. */
    @BeforeAll
    static void installProvider() {
        var _ = Cluster.capabilities();
    }

    @BeforeEach
    void connect() throws Exception {
        factory = new ChannelFactory(steps);
        server = kept(ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        client = kept(SocketChannel.open(server.getLocalAddress()));
        channel = kept(factory.create(server.accept(), watcher));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <C extends AutoCloseable> C kept(C resource) {
        opened.add(resource);
        return resource;
    }

    private SocketChannel giveUp(boolean waiting) throws IOException {
        SocketAddress remote = client.getLocalAddress();
        return kept(factory.giveUp(channel, remote, waiting, 0, new Spy()));
    }

    /**
     * Has another thread close the channel; returns when it has been closed, or waits for the lock of its descriptor.
     */
    private void closeMeanwhile() {
        Thread closes = Thread.ofPlatform().start(() -> {
            try {
                channel.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        opened.add(closes::join);
        await().until(() -> !closes.isAlive() || closes.getState() == Thread.State.BLOCKED);
    }

    private static void assertConnected(SocketChannel from, SocketChannel to) throws IOException {
        from.write(ByteBuffer.wrap(new byte[]{42}));
        ByteBuffer received = ByteBuffer.allocate(2);
        to.configureBlocking(false);
        await().until(() -> to.read(received) != 0);
        assertEquals(42, received.get(0));
        to.configureBlocking(true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotGoOnAsTheConnectionOfAnotherClient(boolean waiting) throws Exception {
        steps.beforeDuplicate = () -> {
            closeMeanwhile();
            SocketChannel other = kept(SocketChannel.open(server.getLocalAddress()));
            kept(server.accept());
            assertTrue(other.isConnected());
        };
        SocketChannel next = giveUp(waiting);
        assertConnected(client, next);
        assertConnected(next, client);
    }

    @Test
    void shouldNotReplaceTheDescriptorOfAnother() throws Exception {
        List<Pipe> pipes = new ArrayList<>();
        steps.beforeReplace = () -> {
            closeMeanwhile();
            for (int i = 0; i < 8; i++) {
                Pipe pipe = Pipe.open();
                kept(pipe.source());
                kept(pipe.sink());
                pipes.add(pipe);
            }
        };
        SocketChannel next = giveUp(true);
        for (Pipe pipe : pipes) {
            pipe.sink().write(ByteBuffer.wrap(new byte[]{1}));
            pipe.source().configureBlocking(false);
            assertEquals(1, pipe.source().read(ByteBuffer.allocate(2)));
        }
        assertConnected(client, next);
    }

    @Test
    void shouldRefuseAChannelThatHasBeenClosed() throws Exception {
        SocketAddress remote = client.getLocalAddress();
        channel.close();
        assertThrows(ClosedChannelException.class, () -> factory.giveUp(channel, remote, true, 0, watcher));
    }

    /** As if native code had closed the descriptor, and the number had become another connection's. */
    @Test
    void shouldRefuseADescriptorOfAnotherPeer() throws Exception {
        SocketChannel other = kept(SocketChannel.open(server.getLocalAddress()));
        SocketChannel others = kept(factory.create(server.accept(), new Spy()));
        kept(factory.giveUp(others, other.getLocalAddress(), false, 0, new Spy()));
        steps.instead = steps.last;
        long before = openDescriptors();
        assertThrows(IOException.class, () -> giveUp(false));
        assertEquals(before, openDescriptors());
        assertConnected(client, channel);
        assertTrue(other.isConnected());
    }

    @Test
    void shouldLeaveTheChannelAsItWasWhereTheDescriptorCannotBeReplaced() throws Exception {
        steps.beforeReplace = () -> {
            throw new IOException("made up");
        };
        long before = openDescriptors();
        assertThrows(IOException.class, () -> giveUp(true));
        assertEquals(before, openDescriptors());
        assertConnected(client, channel);
        assertConnected(channel, client);
    }

    /** A thread has read the request, and has not returned from the read yet. */
    @Test
    void shouldLeaveARequestToTheServerThatHasReadIt() throws Exception {
        client.write(ByteBuffer.wrap(new byte[]{1, 2, 3}));
        ByteBuffer received = ByteBuffer.allocate(2);
        assertEquals(2, channel.read(received));
        SocketAddress remote = client.getLocalAddress();
        assertThrows(IOException.class, () -> factory.giveUp(channel, remote, true, 0, new Spy()));
        assertEquals(1, channel.read(ByteBuffer.allocate(2)));
        assertConnected(client, channel);
        assertConnected(channel, client);
    }

    @Test
    void shouldGoOnWithARequestThatNobodyHasRead() throws Exception {
        client.write(ByteBuffer.wrap(new byte[]{1, 2, 3}));
        assertEquals(2, channel.read(ByteBuffer.allocate(2)));
        SocketChannel next = kept(factory.giveUp(channel, client.getLocalAddress(), true, 2, new Spy()));
        assertEquals(-1, channel.read(ByteBuffer.allocate(2)));
        assertEquals(1, next.read(ByteBuffer.allocate(2)));
        assertConnected(client, next);
        assertConnected(next, client);
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    void shouldGoOnWithAConnectionOfAUnixDomain(@TempDir Path directory) throws Exception {
        var address = UnixDomainSocketAddress.of(directory.resolve("s"));
        ServerSocketChannel unix = kept(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address));
        client = kept(SocketChannel.open(address));
        channel = kept(factory.create(unix.accept(), watcher));
        SocketChannel next = giveUp(true);
        channel.close();
        assertConnected(client, next);
        assertConnected(next, client);
    }

    /** The server may have begun to write in the moment before. */
    @Test
    void shouldWriteNothingToAConnectionThatMovesAsTheWriteBegins() throws Exception {
        watcher.beforeWrite = () -> giveUp(false);
        assertThrows(ClosedChannelException.class, () -> channel.write(ByteBuffer.wrap(new byte[]{1})));
        client.configureBlocking(false);
        assertEquals(0, client.read(ByteBuffer.allocate(1)));
    }

    @Test
    void shouldTellTheWatcherOfWhatChangesTheConnection() throws Exception {
        channel.configureBlocking(false);
        assertEquals(List.of("begin", "end 0"), watcher.calls);
        channel.shutdownOutput();
        assertEquals(List.of("begin", "end 0", "begin", "end 1"), watcher.calls);
        assertEquals(-1, client.read(ByteBuffer.allocate(1)));
    }

    @Test
    void shouldChangeNothingOfAConnectionThatHasMoved() throws Exception {
        SocketChannel next = giveUp(false);
        watcher.ended = true;
        channel.configureBlocking(false);
        channel.shutdownOutput();
        channel.shutdownInput();
        assertConnected(client, next);
        assertConnected(next, client);
        watcher.ended = false;
    }

    @Test
    void shouldCloseTheDescriptorWhateverTheWatcherThrows() throws Exception {
        watcher.ended = true;
        assertThrows(OutOfMemoryError.class, channel::close);
        assertEquals(-1, client.read(ByteBuffer.allocate(1)));
    }
}
