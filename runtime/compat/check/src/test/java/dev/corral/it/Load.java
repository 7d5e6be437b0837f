package dev.corral.it;

import dev.corral.testing.HttpConnection;
import dev.corral.testing.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients in parallel, in HTTP/1.1. Any answer but a good one fails. */
final class Load {
    private final int port;
    private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();

    private Load(int port) {
        this.port = port;
    }

    /** Requests on connections that are kept; how many each worker has answered. */
    static Map<Integer, Integer> keepAlive(int port, int clients, int requestsEach) throws Exception {
        var load = new Load(port);
        return load.run(clients, () -> {
            load.onOneConnection(requestsEach);
            return null;
        });
    }

    /** Each request on a connection of its own. */
    static Map<Integer, Integer> newConnections(int port, int clients, int requestsEach) throws Exception {
        var load = new Load(port);
        return load.run(clients, () -> {
            for (int i = 0; i < requestsEach; i++) {
                load.onOneConnection(1);
            }
            return null;
        });
    }

    private Map<Integer, Integer> run(int clients, Callable<Void> client) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(client));
            }
            for (Future<Void> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a client failed; answers until then: " + answers, e.getCause());
        }
        return new TreeMap<>(answers);
    }

    /** On one connection, and on further ones where the server closes it, as some do after a hundred requests. */
    private void onOneConnection(int requests) throws IOException {
        int left = requests;
        while (left > 0) {
            try (var connection = new HttpConnection(port)) {
                while (left > 0 && connection.isOpen()) {
                    answers.merge(connection.askWorker(left == 1), 1, Integer::sum);
                    left--;
                }
            }
        }
    }
}
