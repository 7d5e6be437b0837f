package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ClusterEvent;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.samples.Leaky;
import dev.corral.samples.leaky.Leak;
import dev.corral.testing.ClosedLoop.Load;
import dev.corral.testing.ClosedLoop;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a worker keeps, and wherever, goes with it: its loader is collected, while its neighbour serves on.
 *
 * <p>{@code corral.recycles} is the number of workers that leak in all ways at once and are recycled, one after
 * another.
 */
class LeakyIT {
    private static final int WORKERS = 2;
    private static final int CLIENTS = 2;
    private static final int WARM_UP = 10;
    private static final int RECYCLES = Soak.number("corral.recycles", 6, 300);

    /** Growth that is none: pools have more or fewer threads by chance. */
    private static final int THREADS_MORE = 8;
    private static final int DESCRIPTORS_MORE = 12;
    private static final double METASPACE_TIMES = 1.1;

    /** Loaders that other tests had to leave: the fewest seen, since some may only not have been collected yet. */
    private static long foreign = Long.MAX_VALUE;

    private final int port = Harness.freePort();
    private Harness it;

    /** How a worker goes. */
    private enum End {
        REPLACED {
            @Override
            void of(Worker worker) {
                worker.replace().join();
                assertInstanceOf(ExitReason.Replaced.class, worker.onExit().join().reason());
            }
        },
        KILLED {
            @Override
            void of(Worker worker) {
                assertInstanceOf(ExitReason.Killed.class, worker.kill().join().reason());
            }
        };

        abstract void of(Worker worker);
    }

    @BeforeEach
    void open() throws Exception {
        System.gc();
        foreign = Math.min(foreign, Footprint.isolateLoaders());
        RestartPolicy atOnce = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1000,
                Duration.ofSeconds(1));
        it = new Harness(Program.classPath(List.of(Harness.jarOf(Leaky.class)), Leaky.class.getName(),
                Integer.toString(port)), config -> config.withWorkers(WORKERS).withRestart(atOnce));
        it.awaitReady(WORKERS);
    }

    @AfterEach
    void close() throws Exception {
        it.close();
        try {
            awaitLoaders(0);
        } finally {
            foreign = Footprint.isolateLoaders(); // one that leaks fails one test, not all that follow
        }
    }

    static Stream<Arguments> leaks() {
        return Stream.of(Leak.values())
                .flatMap(leak -> Stream.of(End.values()).map(end -> Arguments.of(leak, end)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("leaks")
    void shouldLeaveNothingOfWhatWasKept(Leak leak, End end) throws Exception {
        Worker victim = it.worker(1);
        try (var neighbour = Clients.connectTo(2, port)) {
            leak(victim, List.of(leak), leak == Leak.METASPACE ? "classes=300" : "mb=2");
            end.of(victim);
            assertEquals(List.of(), it.awaitExit(1).abandonedThreads());
            it.awaitReady(WORKERS);
            assertEquals(2, Clients.workerOf(neighbour.ask("/hello")));
            awaitLoaders(WORKERS);
        }
        assertEquals(List.of(), it.of(ClusterEvent.LoaderLeaked.class));
    }

    /** What is still being leaked, too. */
    @ParameterizedTest
    @MethodSource("ends")
    void shouldEndALeakThatGoesOn(End end) throws Exception {
        Worker victim = it.worker(1);
        leak(victim, List.of(Leak.LEAK), "mbps=20&seconds=3600");
        try (var asking = Clients.connectTo(1, port)) {
            await().until(() -> Long.parseLong(asking.ask("/kept")) > 1 << 20);
        }
        end.of(victim);
        assertEquals(List.of(), it.awaitExit(1).abandonedThreads());
        it.awaitReady(WORKERS);
        awaitLoaders(WORKERS);
    }

    static Stream<End> ends() {
        return Stream.of(End.values());
    }

    @Test
    void shouldRecycleAgainAndAgainAndStayAsItIs() throws Exception {
        recycle(WARM_UP);
        Footprint before = Footprint.of(it, foreign + WORKERS);
        recycle(RECYCLES);
        Footprint after = Footprint.of(it, foreign + WORKERS);
        String figures = RECYCLES + " recycled: " + before + " became " + after + "; collected late: "
                + it.of(ClusterEvent.LoaderLeaked.class);
        System.out.println(figures);

        assertEquals(WARM_UP + RECYCLES, it.exits().size(), figures);
        assertTrue(it.exits().stream().allMatch(exit -> exit.abandonedThreads().isEmpty()), figures);
        assertTrue(after.threads() <= before.threads() + THREADS_MORE, figures);
        assertTrue(after.descriptors() <= before.descriptors() + DESCRIPTORS_MORE, figures);
        assertTrue(after.metaspaceKib() <= before.metaspaceKib() * METASPACE_TIMES, figures);
        awaitLoaders(WORKERS);
    }

    /** Has a worker leak in all ways, and replaces it, so often; under load, of which nothing may fail. */
    private void recycle(int times) throws Exception {
        try (var clients = ClosedLoop.start(new Load(port, "/hello", CLIENTS, true))) {
            for (int i = 0; i < times; i++) {
                Worker victim = it.cluster.slot(i % WORKERS).orElseThrow();
                leak(victim, List.of(Leak.values()), "");
                End.REPLACED.of(victim);
                it.awaitReady(WORKERS);
            }
            assertEquals(List.of(), clients.stop().failures());
        }
    }

    private void leak(Worker worker, List<Leak> leaks, String query) throws IOException {
        try (var connection = Clients.connectTo(worker.id(), port)) {
            for (Leak leak : leaks) {
                String answer = connection.ask(leak.path() + "?" + query);
                assertTrue(answer.startsWith("worker " + worker.id()), answer);
            }
        }
    }

    /** Waits until there are only so many of this test, those of its live workers. */
    private void awaitLoaders(int own) {
        await("class loaders are collected").until(() -> {
            System.gc();
            return Footprint.isolateLoaders() <= foreign + own && it.cluster.stats().leakedLoaders() == 0;
        });
    }
}
