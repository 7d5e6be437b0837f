package dev.corral.testing;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Clients in a closed loop, in HTTP/1.1, all on one thread: each client sends a request as soon as it has the answer to
 * the previous one. Every request is either answered or has failed.
 *
 * <p>If a server closes a connection between two answers, the client sends the next request on a new connection. No
 * request is sent twice. A request that was written before its connection was closed has failed, even if the server is
 * not to blame.
 */
public final class ClosedLoop implements AutoCloseable {
    /** The length of the intervals in which answers are counted. */
    public static final Duration INTERVAL = Duration.ofMillis(500);

    private static final long LOOK_MILLIS = 10;

    private final Selector selector;
    private final List<LoadClient> clients = new ArrayList<>();
    private final LoadTally tally = new LoadTally();
    private final CompletableFuture<LoadResult> result = new CompletableFuture<>();
    private volatile boolean stopping;

    /**
     * The requests of the clients.
     *
     * @param clients the number of clients, each of which has at most one connection
     * @param keepAlive whether clients keep their connections; otherwise they open one for each request
     */
    public record Load(int port, String path, int clients, boolean keepAlive) {}

    private ClosedLoop(Load load) throws IOException {
        selector = Selector.open();
        for (int i = 0; i < load.clients; i++) {
            clients.add(new LoadClient(load, selector, tally));
        }
    }

    /** Starts the clients. */
    public static ClosedLoop start(Load load) throws IOException {
        var loop = new ClosedLoop(load);
        Thread.ofPlatform().name("clients").daemon().start(loop::run);
        return loop;
    }

    private void run() {
        try (selector) {
            boolean busy = true;
            while (busy) {
                busy = false;
                for (LoadClient client : clients) {
                    busy |= client.look(stopping);
                }
                selector.select(this::go, LOOK_MILLIS);
            }
            result.complete(tally.result());
        } catch (IOException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    private void go(SelectionKey key) {
        ((LoadClient) key.attachment()).go(stopping);
    }

    /** Returns the number of answers so far. */
    public long answered() {
        return tally.answered.get();
    }

    /** Returns the number of requests that have failed so far. */
    public long failed() {
        return tally.failed.get();
    }

    /** Returns the time since the start, which is the clock of {@link LoadResult}. */
    public Duration elapsed() {
        return tally.elapsed();
    }

    /** Stops the clients, waits for the last answers, and returns the result. */
    public LoadResult stop() {
        stopping = true;
        try {
            return result.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the clients have failed", e.getCause());
        }
    }

    @Override
    public void close() {
        stopping = true;
    }
}
