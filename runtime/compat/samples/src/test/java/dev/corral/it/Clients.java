package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.testing.HttpConnection;
import dev.corral.testing.Requests;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Clients of the sample {@code zombie} that ask all the time: one for each worker that keeps its connection to it, and
 * some that make a connection for each request.
 *
 * <p>No request on a kept connection may fail. One on a new connection may be lost with a worker that is killed after
 * it has accepted it and before it has answered: if no byte of an answer came it is asked again, once, and counted. The
 * methods are called by one thread.
 */
final class Clients implements AutoCloseable {
    private static final int MAKING_CONNECTIONS = 3;
    /** Between an answer and the next request: the load leaves room for those who are watched. */
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final int port;
    private final Map<Long, Keeping> keeping = new HashMap<>();
    private final List<Thread> making;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong askedAgain = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Clients(int port) {
        this.port = port;
        making = IntStream.range(0, MAKING_CONNECTIONS).mapToObj(_ -> Thread.ofPlatform().start(this::makeConnections))
                .toList();
    }

    /** A client that keeps its connection. */
    private final class Keeping {
        final long worker;
        final HttpConnection connection;
        final AtomicLong had = new AtomicLong();
        volatile boolean stopped;
        final Thread thread = Thread.ofPlatform().unstarted(this::askOn);

        Keeping(long worker, HttpConnection connection) {
            this.worker = worker;
            this.connection = connection;
            thread.start();
        }

        private void askOn() {
            try {
                while (!stopped) {
                    assertEquals(worker, workerOf(connection.ask("/")));
                    had.incrementAndGet();
                    answered.incrementAndGet();
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (IOException | RuntimeException | Error e) {
                failures.add("on the connection to worker " + worker + ": " + e);
            }
        }
    }

    static long workerOf(String answer) {
        return Long.parseLong(answer.substring(answer.lastIndexOf(' ') + 1));
    }

    /** Opens connections until one is served by this worker, and returns it. */
    static HttpConnection connectTo(long worker, int port) throws IOException {
        while (true) {
            var connection = new HttpConnection(port);
            if (workerOf(connection.ask("/hello")) == worker) {
                return connection;
            }
            connection.close();
        }
    }

    private void makeConnections() {
        while (!closed) {
            try {
                if (!askOnce()) {
                    askedAgain.incrementAndGet();
                    if (!askOnce()) {
                        failures.add("on two new connections in a row: no answer");
                    }
                }
                answered.incrementAndGet();
            } catch (IOException e) {
                failures.add("on a new connection: " + e);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** False if the connection was closed before it brought any of the answer. */
    private boolean askOnce() throws IOException {
        try (var connection = new HttpConnection(port)) {
            connection.send("/");
            if (!connection.awaitFirstByte()) {
                return false;
            }
            connection.receive();
            return true;
        }
    }

    /** One more client, which keeps its connection to this worker. */
    void keepAskingOf(long worker) throws IOException {
        while (!keeping.containsKey(worker)) {
            var connection = new HttpConnection(port);
            if (workerOf(connection.ask("/")) == worker) {
                keeping.put(worker, new Keeping(worker, connection));
            } else {
                connection.close();
            }
        }
    }

    /** The connection to this worker, on which nobody asks any more. */
    HttpConnection takeConnectionTo(long worker) throws InterruptedException {
        Keeping taken = keeping.remove(worker);
        taken.stopped = true;
        taken.thread.join();
        return taken.connection;
    }

    /** Waits until each that keeps its connection has had two more answers. */
    void awaitMoreAnswers() {
        Map<Keeping, Long> before = new HashMap<>();
        keeping.values().forEach(each -> before.put(each, each.had.get()));
        await().until(() -> !failures.isEmpty() || before.entrySet().stream()
                .allMatch(each -> each.getKey().had.get() >= each.getValue() + 2));
        assertNoneHasFailed();
    }

    void assertNoneHasFailed() {
        assertEquals(List.of(), List.copyOf(failures));
    }

    /** Requests so far that were answered. */
    long answered() {
        return answered.get();
    }

    /** Of those, how many found their connection closed first. */
    long askedAgain() {
        return askedAgain.get();
    }

    /** Waits for the last answers. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread thread : making) {
            thread.join();
        }
        for (Long worker : List.copyOf(keeping.keySet())) {
            takeConnectionTo(worker).close();
        }
    }
}
