package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason;
import dev.corral.MemoryPolicy;
import dev.corral.WorkerState;
import dev.corral.testing.Harness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Limits of memory, with real workers that use up what they are allowed. */
class MemoryIT {
    private static final int WORKERS = 3;
    private static final long MB = 1 << 20;
    private static final MemoryPolicy POLICY = MemoryPolicy.DEFAULT.withPeriod(Duration.ofMillis(50));

    private final int port = Harness.freePort();

    private Harness open(UnaryOperator<ClusterConfig> configure) throws Exception {
        var it = new Harness(Harness.program("Hungry", Integer.toString(port)),
                config -> configure.apply(config.withWorkers(WORKERS)));
        it.awaitReady(it.cluster.config().workers());
        return it;
    }

    /** Asks for the same all the time, on new connections, and keeps what goes wrong. */
    private final class Clients implements AutoCloseable {
        final List<Exception> failures = new CopyOnWriteArrayList<>();
        final AtomicInteger answers = new AtomicInteger();
        private final String path;
        private volatile boolean stopped;
        private final List<Thread> threads;

        Clients(String path) {
            this.path = path;
            threads = List.of(Thread.ofVirtual().start(this::run), Thread.ofVirtual().start(this::run));
        }

        private void run() {
            while (!stopped) {
                try {
                    assertTrue(Harness.get(port, path).startsWith("worker "));
                    answers.incrementAndGet();
                } catch (IOException | InterruptedException e) {
                    failures.add(e);
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void awaitRecycles(Harness it, int recycles) {
        await().until(() -> it.cluster.stats().memoryRecycles() >= recycles);
    }

    /** Replacements that began while one before them was neither ready nor gone. */
    private static List<ClusterEvent> overlapping(Harness it) {
        List<ClusterEvent> found = new ArrayList<>();
        boolean begun = false;
        long starting = 0;
        for (ClusterEvent event : it.events) {
            switch (event) {
                case ClusterEvent.Replacing _ -> {
                    if (starting != 0) {
                        found.add(event);
                    }
                    begun = true;
                }
                case ClusterEvent.Forked e -> {
                    starting = begun ? e.worker().id() : starting;
                    begun = false;
                }
                case ClusterEvent.Ready e -> starting = e.worker().id() == starting ? 0 : starting;
                case ClusterEvent.Exited e -> starting = e.worker().id() == starting ? 0 : starting;
                default -> {
                }
            }
        }
        return found;
    }

    @Test
    void shouldReplaceWorkersThatHaveAllocatedTheirLimitAndLoseNoRequest() throws Exception {
        long limit = 256 * MB;
        try (var it = open(config -> config.withMemory(POLICY.withMaxAllocated(limit)))) {
            try (var clients = new Clients("/allocate/" + 2 * MB)) {
                awaitRecycles(it, 2 * WORKERS);
                clients.close();
                assertEquals(List.of(), clients.failures, clients.answers + " answers");
            }
            await().until(() -> it.exits().size() >= 2 * WORKERS);
            for (Exit exit : it.exits()) {
                var reason = assertInstanceOf(ExitReason.OverMemory.class, exit.reason());
                assertEquals(Limit.ALLOCATED, reason.limit());
                assertTrue(reason.bytes() > reason.limitBytes() && reason.limitBytes() <= limit
                        && reason.limitBytes() >= limit * 9 / 10, reason.toString());
                assertEquals(0, exit.code());
            }
            assertEquals(List.of(), overlapping(it), it.events.toString());
            assertEquals(0, it.cluster.stats().restarts());
        }
    }

    /** All are over the limit, all of the time. */
    @Test
    void shouldReplaceOneAfterAnotherWhenAllAreOver() throws Exception {
        try (var it = open(config -> config.withMemory(POLICY.withMaxAllocated(1)))) {
            try (var clients = new Clients("/")) {
                awaitRecycles(it, 3 * WORKERS);
                assertTrue(it.cluster.stats().ready() >= WORKERS, it.cluster.stats().toString());
                clients.close();
                assertEquals(List.of(), clients.failures, clients.answers + " answers");
            }
            assertEquals(List.of(), overlapping(it), it.events.toString());
            Set<Integer> slots = it.of(ClusterEvent.Replacing.class).stream().map(event -> event.worker().slot())
                    .collect(Collectors.toSet());
            assertEquals(Set.of(0, 1, 2), slots); // nobody is passed over
        }
    }

    @Test
    void shouldReplaceAWorkerWhoseClassesTakeTooMuch() throws Exception {
        // a name of its own: what dead workers of that name have left is not told apart
        try (var it = open(config -> config.withName("defining").withWorkers(1)
                .withMemory(POLICY.withMaxMetaspace(8 * MB)))) {
            await("its metaspace is known").until(() -> it.worker(1).stats().memory().metaspaceBytes().isPresent());
            assertTrue(it.worker(1).stats().memory().metaspaceBytes().orElseThrow() < 8 * MB,
                    it.worker(1).stats().toString());
            assertEquals("worker 1", Harness.get(port, "/define/3000"));
            Exit exit = it.awaitExit(1);
            var reason = assertInstanceOf(ExitReason.OverMemory.class, exit.reason());
            assertEquals(Limit.METASPACE, reason.limit());
            assertEquals(8 * MB, reason.limitBytes());
            assertEquals("worker 2", Harness.get(port, "/"));
            assertEquals(WorkerState.READY, it.worker(2).state());
        }
    }

    @Test
    void shouldEndAWorkerThatRunsOutOfMemoryWhateverItsUncaughtExceptionsDo() throws Exception {
        try (var it = open(config -> config.withUncaughtEnds(false))) {
            String worker = Harness.get(port, "/exhaust");
            Exit exit = it.awaitExit(Long.parseLong(worker.replace("worker ", "")));
            var crashed = assertInstanceOf(ExitReason.Crashed.class, exit.reason());
            assertEquals(OutOfMemoryError.class.getName(), crashed.failure().type());
            assertTrue(it.cluster.awaitReady(WORKERS, Harness.LONG));
            assertEquals(1, it.exits().size(), () -> it.exits().toString());
        }
    }

    @Test
    void shouldRefuseALimitOfLiveBytesWhereTheyAreNotKnown() {
        var unknown = assertThrows(CorralException.class, () -> Cluster.open(Harness.program("Hungry", "0"),
                config -> config.withMemory(POLICY.withMaxLive(700 * MB)).withLiveBytes(false)));
        assertTrue(unknown.getMessage().startsWith("at most 734003200 live bytes") && unknown.getMessage().contains(
                "withLiveBytes(true)"), unknown.getMessage());
        if (!Cluster.capabilities().contains(Capability.LIVE_BYTES)) {
            var absent = assertThrows(CorralException.class, () -> Cluster.open(Harness.program("Hungry", "0"),
                    config -> config.withMemory(POLICY.withMaxLive(700 * MB))));
            assertTrue(absent.getMessage().contains(Capability.LIVE_BYTES.remedy()), absent.getMessage());
        }
    }
}
