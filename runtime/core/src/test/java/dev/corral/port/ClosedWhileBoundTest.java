package dev.corral.port;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Balancer;
import dev.corral.Cluster;
import dev.corral.StubWorker;
import dev.corral.testing.Requests;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server that another thread closes while it is being bound. The supplier of balancers, which is called in the middle
 * of a bind, gives the tests the moment.
 */
@Timeout(60)
class ClosedWhileBoundTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final int number = Requests.freePort();
    private final int exclusive = Requests.freePort();
    private final List<String> listening = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private volatile Action meanwhile = () -> {};
    private final Ports ports = new Ports("test", () -> {
        try {
            meanwhile.run();
        } catch (Exception | AssertionError e) {
            failures.add(e); // the caller goes on with round robin
        }
        return Balancer.roundRobin();
    }, Set.of(exclusive));
    private final WorkerPorts worker = worker();

    private interface Action {
        void run() throws Exception;
    }

    /** What a program may have. */
    private enum Kind {
        SOCKET, CHANNEL, CHANNELS_SOCKET, UNIX_CHANNEL;

        Server open(WorkerPorts worker, SocketAddress address) throws IOException {
            return switch (this) {
                case SOCKET -> of(new SharedServerSocket(new PortShareEndpoint(worker)), address);
                case CHANNELS_SOCKET -> of(handed(worker, null).socket(), address);
                case CHANNEL -> of(handed(worker, null), address);
                case UNIX_CHANNEL -> of(handed(worker, StandardProtocolFamily.UNIX), address);
            };
        }

        private static Server of(ServerSocket socket, SocketAddress address) {
            return new Server(() -> socket.bind(address), socket);
        }

        private static Server of(ServerSocketChannel channel, SocketAddress address) {
            return new Server(() -> channel.bind(address), channel);
        }
    }

    private record Server(Action bind, Closeable closeable) {}

    /** By reflection, for the compiler does not find what the class implements. */
    private static ServerSocketChannel handed(WorkerPorts worker, @Nullable ProtocolFamily family) {
        try {
            return (ServerSocketChannel) Class.forName("dev.corral.port.SharedServerSocketChannel")
                    .getDeclaredConstructor(SelectorProvider.class, WorkerPorts.class, ProtocolFamily.class)
                    .newInstance(new SharedSelectorProvider(), worker, family);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes Corral's provider of channels the JVM's, as long as nobody has opened a channel. */
    @BeforeAll
    static void installProvider() {
        var _ = Cluster.capabilities();
    }

    @AfterEach
    void close() {
        ports.close();
        assertEquals(List.of(), failures);
    }

    private WorkerPorts worker() {
        return new WorkerPorts(ports, StubWorker.of(0, _ -> {}), address -> listening.add(address.toString()),
                () -> {});
    }

    private static void inAnotherThread(Action action) throws InterruptedException {
        var done = new AtomicBoolean();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                action.run();
                done.set(true);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(thread.join(LONG), "it waits for a lock");
        assertTrue(done.get());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldLeaveThePortFree(Kind kind, @TempDir Path directory) throws Exception {
        SocketAddress address = kind == Kind.UNIX_CHANNEL ? UnixDomainSocketAddress.of(directory.resolve("s"))
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
        Server server = kind.open(worker, address);
        meanwhile = () -> inAnotherThread(server.closeable::close);
        assertThrows(IOException.class, server.bind::run);
        assertEquals(List.of(), listening);
        assertFalse(worker.hasOpenPort());
        assertThrows(IOException.class, () -> SocketChannel.open(address));
        if (address instanceof InetSocketAddress) {
            new ServerSocket(number).close();
        }
    }

    /** As programs do that race with themselves; the moment is another one each time. */
    @Test
    void shouldLeaveAnExclusivePortFree() throws Exception {
        for (int i = 0; i < 200; i++) {
            var server = new SharedServerSocket(new PortShareEndpoint(worker));
            Thread binds = Thread.ofPlatform().start(() -> {
                try {
                    server.bind(new InetSocketAddress(exclusive));
                } catch (IOException e) {
                    // closed before
                }
            });
            long end = System.nanoTime() + ThreadLocalRandom.current().nextInt(1_000_000);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            server.close();
            binds.join();
            new ServerSocket(exclusive).close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "UNIX_CHANNEL", mode = EnumSource.Mode.EXCLUDE)
    void shouldHoldNoLockWhileUserCodeRuns(Kind kind) throws Exception {
        Server server = kind.open(worker, new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
        WorkerPorts other = worker();
        int another = Requests.freePort();
        meanwhile = () -> {
            meanwhile = () -> {};
            inAnotherThread(() -> {
                other.admit(true);
                kind.open(other, new InetSocketAddress(another)).bind.run();
                ports.closeUnused();
                assertEquals(-1, new SharedServerSocket(new PortShareEndpoint(other)).getLocalPort());
            });
        };
        server.bind.run();
        assertEquals(2, listening.size());
        assertThrows(Exception.class, server.bind::run);
        server.closeable.close();
    }

    @Test
    void shouldBindAgainWhereTheFirstTryFailed() throws Exception {
        var server = new SharedServerSocket(new PortShareEndpoint(worker));
        try (var taken = new ServerSocket(number)) {
            assertThrows(IOException.class, () -> server.bind(taken.getLocalSocketAddress()));
        }
        server.bind(new InetSocketAddress(number));
        assertEquals(number, server.getLocalPort());
    }

    /** The pipe that a selector watches in its place would stay open. */
    @Test
    void shouldOpenNoPipeForAChannelThatHasBeenClosed() throws Exception {
        var channel = handed(worker, null);
        channel.close();
        var configure = channel.getClass().getDeclaredMethod("implConfigureBlocking", boolean.class);
        var thrown = assertThrows(InvocationTargetException.class, () -> configure.invoke(channel, false));
        assertInstanceOf(ClosedChannelException.class, thrown.getCause());
    }

    /** Whoever brings a connection may have been interrupted. */
    @Test
    void shouldBeRungByAThreadThatIsInterrupted() throws Exception {
        worker.admit(true);
        var channel = handed(worker, null);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
        ((PortShare) worker.queues().getFirst().key()).asked(); // as a selector does that waits for connections
        try (var client = new Socket(InetAddress.getLoopbackAddress(), number);
                Selector selector = SharedSelectorProvider.ofJdk().openSelector()) {
            assertTrue(client.isConnected());
            await().atMost(LONG).until(() -> worker.queues().getFirst().oldestNanos().isPresent());
            Thread.currentThread().interrupt();
            channel.configureBlocking(false);
            assertTrue(Thread.interrupted());
            var _ = channel.register(selector, SelectionKey.OP_ACCEPT);
            assertEquals(1, selector.select(LONG.toMillis()));
            assertTrue(channel.accept() != null);
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
            channel.close();
        }
    }

    /** Nobody accepts; the kernel keeps one connection more than it is told to. */
    @Test
    void shouldPassTheBacklogOnToTheKernel() throws Exception {
        var server = new SharedServerSocket(new PortShareEndpoint(worker));
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number), 1);
        List<Socket> clients = new ArrayList<>();
        try {
            assertThrows(SocketTimeoutException.class, () -> {
                while (clients.size() < 20) {
                    var client = new Socket();
                    clients.add(client);
                    client.connect(server.getLocalSocketAddress(), 500);
                }
            });
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }
}
