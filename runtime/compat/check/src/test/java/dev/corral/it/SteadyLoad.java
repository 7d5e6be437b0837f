package dev.corral.it;

import dev.corral.testing.HttpConnection.ClosedBeforeAnswerException;
import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask until they are stopped, each the next thing when it has the answer to the last one. Half of them
 * make a connection for each request, half keep one for a number of requests. What was sent is answered, asked again,
 * or failed.
 *
 * <p>A client that keeps a connection may send into one that the server closes meanwhile; nothing in HTTP/1.1 prevents
 * that. If no byte of an answer came, it asks again, once, on a new connection (RFC 9110, 9.2.2), and that is counted.
 * On a connection that was made for the request there is no such excuse.
 */
final class SteadyLoad implements AutoCloseable {
    private static final int CLIENTS_OF_A_KIND = 3;
    private static final int REQUESTS_ON_A_CONNECTION = 100;
    /** Between an answer and the next request: the load leaves room for those who start. */
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final int port;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong askedAgain = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean goesOn = true;

    /**
     * What came of it.
     *
     * @param askedAgain of those that were answered, how many found their connection closed first
     */
    record Result(long sent, long answered, long askedAgain, List<String> failures) {
        Result plus(Result other) {
            var all = new ArrayList<>(failures);
            all.addAll(other.failures);
            return new Result(sent + other.sent, answered + other.answered, askedAgain + other.askedAgain, all);
        }
    }

    SteadyLoad(int port) {
        this.port = port;
        for (int i = 0; i < CLIENTS_OF_A_KIND; i++) {
            clients.add(Thread.ofPlatform().start(() -> ask(1)));
            clients.add(Thread.ofPlatform().start(() -> ask(REQUESTS_ON_A_CONNECTION)));
        }
    }

    private void ask(int requestsOnAConnection) {
        while (goesOn) {
            try (var connection = new HttpConnection(port)) {
                for (int i = 1; i <= requestsOnAConnection && connection.isOpen(); i++) {
                    boolean last = i == requestsOnAConnection || !goesOn;
                    askOnce(connection, last, i > 1);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (IOException e) {
                failures.add(e.toString() + (e.getCause() == null ? "" : ", " + e.getCause()));
            }
        }
    }

    private void askOnce(HttpConnection connection, boolean last, boolean isUsed) throws IOException {
        sent.incrementAndGet();
        try {
            connection.askWorker(last);
        } catch (ClosedBeforeAnswerException e) {
            if (!isUsed) {
                throw e;
            }
            try (var another = new HttpConnection(port)) {
                another.askWorker(true);
            }
            askedAgain.incrementAndGet();
        }
        answered.incrementAndGet();
    }

    /** Waits for the last answers. */
    Result stop() throws InterruptedException {
        goesOn = false;
        for (Thread client : clients) {
            client.join();
        }
        return new Result(sent.get(), answered.get(), askedAgain.get(), List.copyOf(failures));
    }

    @Override
    public void close() {
        goesOn = false;
    }
}
