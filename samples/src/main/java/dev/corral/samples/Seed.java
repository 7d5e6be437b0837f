package dev.corral.samples;

import com.sun.net.httpserver.HttpServer;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.WorkerExitedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Five programs that tutorials of Node's {@code cluster} show, line for line. The master does by hand what Corral's
 * policies also do, to show that the API has everything that this needs. The first argument selects one:
 *
 * <ul>
 * <li>{@code fork}: a worker for each processor, all on one port;
 * <li>{@code exit}: a worker that exits is replaced; {@code /exit} makes one exit;
 * <li>{@code message}: the master greets each worker, and each one sends the message back;
 * <li>{@code heartbeat}: the master asks each worker from time to time, and kills one that has not answered three
 * times; {@code /spin} makes one spin;
 * <li>{@code rolling}: all workers are replaced, one after the other, every few seconds.</ul>
 *
 * <p>The second argument is the port, by default 8000; the third one is the number of workers.
 */
public final class Seed {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final int MISSED = 3;

    private Seed() {}

    public static void main(String[] args) throws Exception {
        String which = args.length == 0 ? "fork" : args[0];
        int port = args.length < 2 ? 8000 : Integer.parseInt(args[1]);
        int workers = args.length < 3 ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(args[2]);
        if (Cluster.isWorker()) {
            serve(port);
            return;
        }
        try (Cluster cluster = Cluster.open(Program.main(Seed.class, args), config -> config.withWorkers(0)
                .withRestart(RestartPolicy.NEVER).withHeartbeat(HeartbeatPolicy.OFF))) {
            switch (which) {
                case "fork" -> fork(cluster, workers);
                case "exit" -> guardExits(cluster, workers);
                case "message" -> greet(cluster, workers);
                case "heartbeat" -> guardHeartbeats(cluster, workers);
                case "rolling" -> restartRolling(cluster, workers);
                default ->
                        throw new IllegalArgumentException(which + ": give fork, exit, message, heartbeat or rolling");
            }
            cluster.awaitClosed();
        }
    }

    private static void fork(Cluster cluster, int workers) {
        System.out.println("Master cluster setting up " + workers + " workers...");
        for (int i = 0; i < workers; i++) {
            cluster.fork();
        }
        cluster.on(ClusterEvent.Online.class,
                event -> System.out.println("Worker " + event.worker().id() + " is online"));
    }

    private static void guardExits(Cluster cluster, int workers) {
        fork(cluster, workers);
        cluster.on(ClusterEvent.Exited.class, event -> {
            System.out.println("Worker " + event.worker().id() + " died with code: " + event.exit().code()
                    + ", because: " + event.exit().reason());
            if (!event.exit().reason().voluntary()) {
                System.out.println("Starting a new worker");
                cluster.fork();
            }
        });
    }

    private static void greet(Cluster cluster, int workers) {
        cluster.onMessage(message -> System.out.println("Worker " + message.from() + " says: " + message.body()));
        cluster.on(ClusterEvent.Online.class, event -> event.worker().trySend("hi there"));
        fork(cluster, workers);
    }

    private static void guardHeartbeats(Cluster cluster, int workers) {
        cluster.on(ClusterEvent.Ready.class, event -> Thread.ofVirtual().start(() -> watch(event.worker())));
        guardExits(cluster, workers);
    }

    /**
     * Asks a worker from time to time while it lives. Kills it when it has left {@link #MISSED} questions in a row
     * unanswered.
     */
    private static void watch(Worker worker) {
        int missed = 0;
        try {
            while (missed < MISSED) {
                try {
                    worker.ask("ping", String.class, HEARTBEAT);
                    missed = 0;
                    Thread.sleep(HEARTBEAT);
                } catch (TimeoutException e) {
                    missed++;
                }
            }
            System.out.println("Worker " + worker.id() + " has missed " + MISSED + " heartbeats");
            var _ = worker.kill();
        } catch (WorkerExitedException | InterruptedException e) {
            // the worker has ended, or this program ends
        }
    }

    private static void restartRolling(Cluster cluster, int workers) throws Exception {
        fork(cluster, workers);
        while (!cluster.workers().isEmpty()) {
            TimeUnit.SECONDS.sleep(5);
            for (Worker old : cluster.workers()) {
                old.disconnect().join();
                Worker fresh = cluster.fork().onReady().join();
                System.out.println("Worker " + fresh.id() + " has taken the place of " + old.id());
            }
        }
    }

    private static void serve(int port) throws IOException {
        WorkerContext me = WorkerContext.current();
        long id = me.id();
        me.onMessage(message -> {
            if (message.wantsReply()) {
                message.reply("pong");
            } else {
                me.send(message.from(), message.body());
            }
        });
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Map<String, Runnable> deeds = Map.of("/exit", () -> System.exit(1), "/spin", () -> {
            while (true) {
                Thread.onSpinWait();
            }
        });
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = ("hello world from worker " + id + "\n").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
            deeds.getOrDefault(exchange.getRequestURI().getPath(), () -> {}).run();
        });
        server.start();
    }
}
