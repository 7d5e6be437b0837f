package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.Balancer;
import dev.corral.ClusterEvent;
import dev.corral.HeartbeatPolicy;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who gets which connection, and what becomes of it when its worker goes. */
@Tag("c2")
class BalancingIT {
    private final int port = Harness.freePort();

    /** Without heartbeats: a worker that a busy machine delays would get no connections for a moment. */
    private Harness serve(String kind, int workers, Supplier<Balancer> balancer) throws InterruptedException {
        var it = new Harness(Harness.program("Servers", kind, Integer.toString(port)),
                config -> config.withWorkers(workers).withBalancer(balancer).withHeartbeat(HeartbeatPolicy.OFF)
                        .withRestart(RestartPolicy.DEFAULT
                                .withBackoff(Backoff.NONE).withIntensity(1_000_000, Harness.LONG)));
        it.awaitReady(workers);
        return it;
    }

    /** nginx: 5, 1, 1 gives a a b a c a a. */
    @Test
    void shouldDealBySmoothWeights() throws Exception {
        try (var it = serve("serve", 3, Balancer::weighted)) {
            it.worker(1).setWeight(5);
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < 14; i++) {
                answers.add(Client.ask(port));
            }
            assertEquals(List.of(1, 1, 2, 1, 3, 1, 1, 1, 1, 2, 1, 3, 1, 1), answers);
        }
    }

    @Test
    void shouldFollowWeightsThatChangeUnderLoad() throws Exception {
        try (var it = serve("serve", 3, Balancer::weighted);
                ExecutorService clients = Executors.newFixedThreadPool(4)) {
            it.worker(1).setWeight(4);
            assertEquals(Map.of(1, 40, 2, 10, 3, 10), askInParallel(clients, 60));
            it.worker(1).setWeight(0);
            awaitNothingFor(it, 1);
            Map<Integer, Integer> without = askInParallel(clients, 60);
            assertEquals(Map.of(2, 30, 3, 30), without);
            it.worker(1).setWeight(1);
            await().until(() -> Client.ask(port) == 1);
            it.worker(3).setWeight(8);
            Map<Integer, Integer> mostly = askInParallel(clients, 100);
            assertEquals(80, mostly.get(3), 2, mostly.toString());
        }
    }

    /** A weight of 0 is told to the acceptor by the master. */
    private void awaitNothingFor(Harness it, long worker) {
        await().until(() -> {
            long before = it.worker(worker).stats().traffic().accepted();
            for (int i = 0; i < 10; i++) {
                Client.ask(port);
            }
            return it.worker(worker).stats().traffic().accepted() == before;
        });
    }

    private Map<Integer, Integer> askInParallel(ExecutorService clients, int times) throws Exception {
        Map<Integer, Integer> counts = new ConcurrentHashMap<>();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            tasks.add(() -> Client.ask(port));
        }
        for (Future<Integer> answer : clients.invokeAll(tasks)) {
            counts.merge(answer.get(), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void shouldSendNobodyToAWorkerWithoutWeightWhateverTheBalancer() throws Exception {
        try (var it = serve("serve", 2, Balancer::roundRobin)) {
            it.worker(2).setWeight(0);
            awaitNothingFor(it, 2);
            it.worker(1).setWeight(0); // nobody is left: connections wait
            it.cluster.fork();
            await().until(() -> it.of(ClusterEvent.Forked.class).size() == 3); // the master has done both
            assertEquals(Map.of(3, 10), Client.count(10, () -> Client.ask(port)));
        }
    }

    /** Node gives the one that waits for something the most, for it is the quickest to take them. */
    @Test
    void shouldGiveASlowWorkerFewerByLeastConnections() throws Exception {
        try (var it = serve("serve-slow-first", 3, Balancer::leastConnections);
                ExecutorService clients = Executors.newFixedThreadPool(6)) {
            Map<Integer, Integer> counts = askInParallel(clients, 150);
            assertTrue(counts.getOrDefault(1, 0) < 30, "of 150, fair were 50: " + counts);
            assertEquals(150, counts.values().stream().mapToInt(Integer::intValue).sum());
        }
    }

    @Test
    void shouldSendAClientToTheSameSlotAlsoAfterItsWorkerWasReplaced() throws Exception {
        try (var it = serve("serve", 4, Balancer::clientHash)) {
            int first = Client.ask(port);
            assertEquals(Map.of(first, 20), Client.count(20, () -> Client.ask(port)));
            int slot = it.worker(first).slot();
            Worker fresh = it.worker(first).replace().get();
            await().until(() -> Client.ask(port) == fresh.id());
            assertEquals(slot, fresh.slot());
            assertEquals(Map.of((int) fresh.id(), 20), Client.count(20, () -> Client.ask(port)));
        }
    }

    @Test
    void shouldUseABalancerOfTheUser() throws Exception {
        var client = new AtomicReference<InetSocketAddress>();
        try (var it = serve("serve", 3, () -> (from, ready) -> {
            client.set(from);
            return ready.getLast();
        })) {
            int last = (int) it.cluster.slot(2).orElseThrow().id();
            assertEquals(Map.of(last, 10), Client.count(10, () -> Client.ask(port)));
            assertTrue(client.get().getAddress().isLoopbackAddress());
        }
    }

    @Test
    void shouldGoRoundWhereABalancerFails() throws Exception {
        var calls = new AtomicInteger();
        try (var it = serve("serve", 2, () -> (_, _) -> switch (calls.getAndIncrement() % 3) {
            case 0 -> throw new IllegalStateException("balancer");
            case 1 -> null;
            default -> (Worker) java.lang.reflect.Proxy.newProxyInstance(Worker.class.getClassLoader(),
                    new Class<?>[]{Worker.class}, (proxy, method, arguments) -> method.getName().equals("equals")
                            ? (Object) (proxy == arguments[0])
                            : method.getName().equals("hashCode") ? (Object) 1 : "a stranger");
        })) {
            assertEquals(Map.of(1, 15, 2, 15), Client.count(30, () -> Client.ask(port)));
            assertTrue(calls.get() >= 30);
        }
    }

    /**
     * For each of the workers a queue of its own that fills up: what finds no room goes to others, and none is lost.
     */
    @Test
    void shouldGoToOthersWhereAQueueIsFull() throws Exception {
        try (var it = new Harness(Harness.program("Acceptor", Integer.toString(port)),
                config -> config.withWorkers(2).withHeartbeat(HeartbeatPolicy.OFF) // else they are taken back
                        .withStop(StopPolicy.DEFAULT.withDrain(Duration.ofSeconds(1))))) { // nobody takes the connections of worker 1
            it.awaitReady(2); // worker 1 never accepts; it has room for 256
            List<Socket> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 600; i++) {
                    var socket = new Socket("127.0.0.1", port);
                    waiting.add(socket);
                    if (i % 10 == 9) {
                        int expected = i;
                        await().pollInterval(Duration.ofMillis(1))
                                .until(() -> it.worker(1).connections() + it.worker(2).connections() >= expected);
                    }
                }
                await().until(() -> it.worker(1).connections() == 256);
                await().until(() -> it.worker(2).stats().traffic().accepted() == 344);
            } finally {
                for (Socket socket : waiting) {
                    socket.close();
                }
            }
        }
    }

    /**
     * One worker crashes every 100 ms under ten clients: what it has read may be lost with it; nothing is refused,
     * nothing hangs, and the others never notice.
     */
    @Test
    void shouldLoseNothingButWhatACrashedWorkerHadRead() throws Exception {
        long seconds = Soak.number("corral.crash.seconds", 3, 60);
        try (var it = new Harness(Harness.program("Hello", Integer.toString(port), "virtual"),
                config -> config.withWorkers(4).withRestart(RestartPolicy.DEFAULT.withBackoff(Backoff.NONE)
                        .withIntensity(1_000_000, Duration.ofDays(1))));
                ExecutorService clients = Executors.newFixedThreadPool(10)) {
            it.awaitReady(4);
            List<Worker> others = it.cluster.workers().subList(0, 3);
            it.events.clear();
            var answered = new AtomicInteger();
            var lost = new AtomicInteger();
            var refused = new AtomicInteger();
            long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                running.add(clients.submit(() -> {
                    while (System.nanoTime() < end) {
                        try {
                            Client.ask(port);
                            answered.incrementAndGet();
                        } catch (ConnectException e) {
                            refused.incrementAndGet();
                        } catch (IOException e) {
                            lost.incrementAndGet();
                        }
                    }
                }));
            }
            int crashes = 0;
            while (System.nanoTime() < end) {
                it.cluster.slot(3).ifPresent(Worker::kill);
                crashes++;
                Thread.sleep(100);
            }
            for (Future<?> client : running) {
                client.get(); // ends only if nothing hangs
            }
            assertEquals(0, refused.get());
            assertTrue(answered.get() > 100 * seconds, "answered " + answered);
            assertTrue(lost.get() <= 10 * crashes, lost + " lost in " + crashes + " crashes");
            assertEquals(others, it.cluster.workers().subList(0, 3));
            assertTrue(it.exits().stream().allMatch(exit -> exit.slot() == 3));
        }
    }
}
