package dev.corral.it;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Clients in a closed loop, in HTTP/1.1, all on one thread: each sends a request as soon as it has the answer to its
 * last one. What was sent has been answered or has failed, and is one of both exactly.
 *
 * <p>A server that closes a connection between two answers is obeyed, and the next request goes over a new one. But
 * nothing is ever asked again: a request that was written and then finds its connection closed has failed, whoever is
 * to blame.
 */
public final class ClosedLoop implements AutoCloseable {
    /** Answers are counted for each of these. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private static final long LOOK_MILLIS = 10;

    private final Selector selector;
    private final List<LoadClient> clients = new ArrayList<>();
    private final LoadTally tally = new LoadTally();
    private final CompletableFuture<LoadResult> result = new CompletableFuture<>();
    private volatile boolean stopping;

    /**
     * What clients do.
     *
     * @param clients how many there are, each with one connection at most
     * @param keepAlive whether they keep their connections, or make one for each request
     */
    public record Load(int port, String path, int clients, boolean keepAlive) {}

    private ClosedLoop(Load load) throws IOException {
        selector = Selector.open();
        for (int i = 0; i < load.clients; i++) {
            clients.add(new LoadClient(load, selector, tally));
        }
    }

    /** Begins at once. */
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

    /** Answers so far. */
    public long answered() {
        return tally.answered.get();
    }

    /** Requests so far that have failed. */
    public long failed() {
        return tally.failed.get();
    }

    /** How long it has been going on: the clock of {@link LoadResult}. */
    public Duration elapsed() {
        return tally.elapsed();
    }

    /** Waits for the last answers. */
    public LoadResult stop() {
        stopping = true;
        try {
            return result.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the clients have come to an end", e.getCause());
        }
    }

    @Override
    public void close() {
        stopping = true;
    }
}
