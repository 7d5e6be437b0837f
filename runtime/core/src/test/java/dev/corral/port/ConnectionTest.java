package dev.corral.port;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Balancer;
import dev.corral.Cluster;
import dev.corral.StubWorker;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A connection whose worker is to go, at the moments when it must not move to the other worker. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class ConnectionTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Ports ports = new Ports("test", Balancer::roundRobin, Set.of());
    private final WorkerPorts old = worker();
    private final WorkerPorts other = worker();
    private Acceptor acceptor;
    private Socket client;
    private Connection connection;

    private WorkerPorts worker() {
        return new WorkerPorts(ports, StubWorker.of(0, _ -> {}), _ -> {}, () -> {});
    }

    /** Makes Corral's provider of channels the JVM's, as long as nobody has opened a channel. */
    @BeforeAll
    static void installProvider() {
        var _ = Cluster.capabilities();
    }

    /** The connection is the old worker's; the other one is ready to take it. */
    @BeforeEach
    void connect() throws IOException {
        PortShare share = other.bind(ANY, 0, new ListenerOptions(), _ -> true);
        share.asked();
        other.admit(true);
        ServerSocketChannel listener = ServerSocketChannel.open().bind(ANY);
        client = new Socket(InetAddress.getLoopbackAddress(), listener.socket().getLocalPort());
        client.setSoTimeout((int) LONG.toMillis());
        var accepted = listener.accept();
        listener.configureBlocking(false);
        acceptor = Acceptor.on(listener, Balancer.roundRobin());
        acceptor.dealTo(ReadyWorkers.of(List.of(share)));
        connection = Connection.of(accepted, acceptor);
        connection.assign(old);
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        acceptor.close();
        ports.close();
        client.close();
    }

    private boolean hasMoved() {
        return old.connections() == 0 && connection.channel().isOpen();
    }

    @Test
    void shouldMoveBeforeTheFirstRequest() {
        connection.leave();
        assertTrue(hasMoved());
    }

    /** After that the JDK may close the descriptor at any moment, and shuts the connection down before it does. */
    @Test
    void shouldNotMoveOnceItsCloseHasBegun() throws Exception {
        Thread closes;
        synchronized (field("stateLock", Object.class)) {
            closes = Thread.ofPlatform().start(connection::close);
            await().atMost(LONG).until(() -> closes.getState() == Thread.State.BLOCKED);
            assertEquals(0, old.connections()); // its watcher has been told
            connection.leave();
        }
        closes.join();
        assertEquals(-1, client.getInputStream().read());
    }

    /** Of the JDK's class. */
    private Object field(String name, Class<?> type) throws ReflectiveOperationException {
        Class<?> owner = connection.channel().getClass().getSuperclass();
        return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, name, type)
                .get(connection.channel());
    }

    /** A server that speaks first, to a client that does not read. */
    @Test
    void shouldNotMoveWhileItsServerWrites() throws Exception {
        byte[] greeting = "x".repeat(1 << 24).getBytes(StandardCharsets.US_ASCII);
        Thread writes = Thread.ofPlatform().start(() -> {
            try {
                connection.channel().write(ByteBuffer.wrap(greeting));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().atMost(LONG).until(() -> client.getInputStream().available() > 0);
        connection.leave();
        assertFalse(hasMoved());
        assertEquals(greeting.length, client.getInputStream().readNBytes(greeting.length).length);
        writes.join();
        connection.leave();
        assertFalse(hasMoved(), "another server would greet the client again");
    }

    /**
     * The read would block, because a connection that moves becomes a blocking one, and would take what is meant for
     * the other server.
     */
    @Test
    void shouldNotMoveUnderAReadThatDoesNotBlock() throws Exception {
        connection.channel().configureBlocking(false);
        var readLock = (ReentrantLock) field("readLock", ReentrantLock.class);
        readLock.lock();
        Thread reads = Thread.ofPlatform().start(() -> {
            try {
                connection.channel().read(ByteBuffer.allocate(1));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().atMost(LONG).until(() -> readLock.hasQueuedThread(reads));
        for (int i = 0; i < 20; i++) {
            assertTrue(connection.leave());
        }
        assertTrue(connection.channel().isOpen());
        assertEquals(1, old.connections());
        readLock.unlock();
        reads.join();
        connection.leave();
        assertTrue(hasMoved());
    }

    @Test
    void shouldNotMoveOnceItsServerHasShutItDown() throws Exception {
        connection.channel().shutdownOutput();
        assertFalse(connection.leave());
        assertFalse(hasMoved());
        assertEquals(-1, client.getInputStream().read());
    }
}
