package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.corral.ClusterConfig;
import dev.corral.Exit;
import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason;
import dev.corral.Failure;
import dev.corral.MemoryPolicy;
import dev.corral.Program;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.samples.Leaky;
import dev.corral.testing.ClosedLoop.Load;
import dev.corral.testing.ClosedLoop;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One of four workers leaks 100 MB a second, again and again, and the JVM survives it: nobody's request fails, nobody
 * else ends, and the heap is as before. How long it leaks, in seconds, says the system property {@code corral.leaking};
 * in the build with a heap of 1 GB, by hand with {@code -Dcorral.jvm=-Xmx512m} too.
 */
class LeakUnderLoadIT {
    private static final int WORKERS = 4;
    private static final int CLIENTS = 16;
    private static final long MB = 1 << 20;
    private static final Duration LEAKING = Duration.ofSeconds(Soak.number("corral.leaking", 2, 60));
    /** Clients that keep asking do not hold it up. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final int port = Harness.freePort();

    private Harness open(UnaryOperator<ClusterConfig> configure) throws Exception {
        var it = new Harness(Program.classPath(List.of(Harness.jarOf(Leaky.class)), Leaky.class.getName(),
                Integer.toString(port)),
                config -> configure.apply(config.withWorkers(WORKERS)
                        .withStop(StopPolicy.DEFAULT.withDrain(DRAIN))));
        it.awaitReady(WORKERS);
        return it;
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 65_536, 4_194_304})
    void shouldRecycleTheLeakerAndNobodyElse(int size) throws Exception {
        MemoryPolicy policy = MemoryPolicy.DEFAULT.withMaxLive(100 * MB);
        try (var it = open(config -> config.withMemory(policy));
                var clients = ClosedLoop.start(new Load(port, "/hello", CLIENTS, true))) {
            await().until(() -> clients.answered() > 1000);
            long before = usedAfterCollection();
            List<Exit> exits = leakAgainAndAgain(it, size);
            exits.forEach(LeakUnderLoadIT::assertOfLeak);
            assertEquals(List.of(), clients.stop().failures());
            assertEquals(exits.size(), it.exits().size(), it.exits().toString());
            awaitHeap(before);
            System.out.println(size + " bytes a block: " + exits.size() + " recycled, " + exits.stream()
                    .map(exit -> exit.reason().toString()).toList() + "; " + clients.answered() + " answered");
        }
    }

    /** Where the machine is so busy that it fills the heap first, it may also fail by itself, but nobody else. */
    private static void assertOfLeak(Exit exit) {
        switch (exit.reason()) {
            case ExitReason.OverMemory reason -> {
                assertTrue(Set.of(Limit.LIVE, Limit.FAIR_SHARE).contains(reason.limit()), exit.toString());
                // If the heap fills up quickly, the worker is killed at once, and nobody searches for what it keeps.
                if (reason.limit() == Limit.LIVE && !reason.kept().isEmpty()) {
                    assertEquals("byte[]", reason.kept().getFirst().type(), exit.toString());
                    assertTrue(reason.kept().getFirst().bytes() > 0.7 * reason.bytes(), exit.toString());
                }
            }
            case ExitReason.Crashed(Failure failure) ->
                    assertEquals(OutOfMemoryError.class.getName(), failure.type(), exit.toString());
            default -> fail(exit.toString());
        }
    }

    @Test
    void shouldTellWhereItWasAllocatedWhileAFlightRecordingRuns() throws Exception {
        // A heap that fills up quickly has the worker killed at once, and nobody looks at the recording then.
        MemoryPolicy policy = MemoryPolicy.DEFAULT.withMaxLive(100 * MB).withHeapPressure(1);
        try (var recording = new Recording(); var it = open(config -> config.withMemory(policy))) {
            recording.enable("jdk.ObjectAllocationSample");
            recording.start();
            leak(it.worker(1), 65_536);
            Exit exit = it.awaitExit(1);
            var reason = assertInstanceOf(ExitReason.OverMemory.class, exit.reason());
            assertTrue(reason.allocatedAt().getFirst().stack().getFirst().startsWith("dev.corral.samples.leaky."),
                    reason.allocatedAt().toString());
            System.out.println(exit);
        }
    }

    /** Ten times the limit each second, of which nothing is kept. */
    @ParameterizedTest
    @ValueSource(ints = {1024, 65_536, 4_194_304})
    void shouldRecycleNobodyForGarbage(int size) throws Exception {
        MemoryPolicy policy = MemoryPolicy.DEFAULT.withMaxLive(100 * MB);
        try (var it = open(config -> config.withMemory(policy))) {
            long before = it.worker(1).stats().memory().allocatedBytes();
            try (var connection = Clients.connectTo(1, port)) {
                connection.ask("/leak?mb=50");
                connection.ask("/churn?mbps=1000&seconds=3600&size=" + size);
            }
            await("much garbage was made").atMost(LEAKING.multipliedBy(20)).until(() -> it.worker(1).stats()
                    .memory().allocatedBytes() - before > LEAKING.toSeconds() * 500 * MB);
            assertEquals(0, it.cluster.stats().memoryRecycles());
            assertEquals(WorkerState.READY, it.worker(1).state());
            System.out.println(size + " bytes a block of garbage: " + it.worker(1).stats());
        }
    }

    /** The last resort: what they may keep has no limit of its own. */
    @Test
    void shouldSurviveALeakerWithoutALimit() throws Exception {
        try (var it = open(config -> config); var clients = ClosedLoop.start(new Load(port, "/hello", 1, true))) {
            long before = usedAfterCollection();
            Worker leaker = it.worker(1);
            leak(leaker, 65_536);
            Exit exit = it.awaitExit(1);
            assertOfLeak(exit);
            it.awaitReady(WORKERS);
            assertEquals(1, it.exits().size(), it.exits().toString());
            clients.stop();
            awaitHeap(before);
            System.out.println(exit);
        }
    }

    private List<Exit> leakAgainAndAgain(Harness it, int size) throws Exception {
        List<Exit> exits = new ArrayList<>();
        long start = System.nanoTime();
        while (exits.isEmpty() || System.nanoTime() - start < LEAKING.toNanos()) {
            Worker leaker = it.cluster.slot(0).orElseThrow();
            leak(leaker, size);
            exits.add(leaker.onExit().get());
            it.awaitReady(WORKERS);
        }
        return exits;
    }

    private void leak(Worker worker, int size) throws IOException {
        try (var connection = Clients.connectTo(worker.id(), port)) {
            connection.ask("/leak?mbps=100&seconds=3600&size=" + size);
        }
    }

    private static long usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void awaitHeap(long before) {
        await("the heap is as before").until(() -> usedAfterCollection() < 1.1 * before + 5 * MB);
    }
}
