package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerStats;
import dev.corral.testing.Harness;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What workers use up, as the master and they themselves see it. Worker 1 uses it, worker 2 is its neighbour. */
@Tag("c2")
class AccountsIT {
    private static final long MIB = 1 << 20;
    /** What asking for figures, printing them and classes that are loaded meanwhile allocate. */
    private static final long SLACK = MIB / 2;
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** A name of its own: dead workers of the test before may still be there. */
    private static Harness using(String... what) throws InterruptedException {
        String name = "accounts-" + NUMBER.incrementAndGet();
        return new Harness(Harness.program("Accounted", what),
                config -> config.withName(name).withWorkers(2).withRestart(RestartPolicy.NEVER));
    }

    private static WorkerStats stats(Harness it, long worker) {
        return it.worker(worker).stats();
    }

    /** The numbers that worker 1 prints after this word, once there are two. */
    private static List<Long> awaitTold(Harness it, String word) {
        await().until(() -> told(it, word).size() == 2);
        return told(it, word);
    }

    private static List<Long> told(Harness it, String word) {
        return it.linesOf(1).stream().filter(line -> line.startsWith(word + " "))
                .map(line -> Long.valueOf(line.substring(word.length() + 1))).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"allocate-on-carrier", "allocate-in-pool", "allocate-and-end"})
    void shouldCountWhatItAllocatesAndNobodyElse(String how) throws Exception {
        try (var it = using(how, "64")) {
            it.awaitLine(2, "begun");
            long neighbour = stats(it, 2).memory().allocatedBytes();
            List<Long> told = awaitTold(it, "allocated");
            assertNear(64 * MIB, told.getLast() - told.getFirst());
            long seen = stats(it, 1).memory().allocatedBytes();
            assertNear(told.getLast(), seen);
            assertTrue(stats(it, 2).memory().allocatedBytes() - neighbour < SLACK);

            Worker worker = it.worker(1);
            WorkerStats last = worker.kill().get().last();
            assertNear(seen, last.memory().allocatedBytes());
            assertEquals(last, worker.stats());
        }
    }

    private static void assertNear(long expected, long bytes) {
        assertTrue(bytes >= expected && bytes < expected + SLACK, bytes + " for " + expected);
    }

    @Test
    void shouldCountTheCpuOfItsCarrierAndHowBusyItIs() throws Exception {
        long processBefore = PROCESS.getProcessCpuTime();
        try (var it = using("burn-on-carrier")) {
            it.awaitLine(1, "begun");
            it.awaitLine(2, "begun");
            Duration before = stats(it, 1).cpu().used();
            Duration neighbour = stats(it, 2).cpu().used();
            await().until(() -> stats(it, 1).cpu().busy() > 0.8);
            await().until(() -> stats(it, 1).cpu().used().minus(before).toMillis() > 500);
            assertTrue(stats(it, 2).cpu().busy() < 0.2);
            assertTrue(stats(it, 2).cpu().used().minus(neighbour).toMillis() < 250);

            WorkerStats seen = stats(it, 1);
            WorkerStats last = it.worker(1).kill().get().last();
            assertTrue(last.cpu().used().compareTo(seen.cpu().used()) > 0); // it has burnt on until it was stopped
            assertTrue(last.cpu().used().toNanos() <= PROCESS.getProcessCpuTime() - processBefore);
        }
    }

    @Test
    void shouldCountTheCpuOfAPlatformThread() throws Exception {
        long processBefore = PROCESS.getProcessCpuTime();
        try (var it = using("burn-in-thread", "300000000")) {
            it.awaitLine(1, "burnt");
            WorkerStats seen = stats(it, 1);
            assertTrue(seen.cpu().used().toMillis() >= 300, seen.toString());
            assertTrue(seen.cpu().used().toNanos() <= PROCESS.getProcessCpuTime() - processBefore, seen.toString());
            assertTrue(it.worker(1).kill().get().last().cpu().used().compareTo(seen.cpu().used()) >= 0);
        }
    }

    @Test
    void shouldNeverShrink() throws Exception {
        try (var it = using("allocate-and-end", "256")) {
            it.awaitLine(1, "begun");
            Worker worker = it.worker(1);
            WorkerStats last = worker.stats();
            while (told(it, "allocated").size() < 2) {
                WorkerStats now = worker.stats();
                assertTrue(now.memory().allocatedBytes() >= last.memory().allocatedBytes(), now + " after " + last);
                assertTrue(now.cpu().used().compareTo(last.cpu().used()) >= 0, now + " after " + last);
                last = now;
            }
            WorkerStats end = worker.kill().get().last();
            assertTrue(end.memory().allocatedBytes() >= last.memory().allocatedBytes());
            assertTrue(end.cpu().used().compareTo(last.cpu().used()) >= 0);
        }
    }

    @Test
    void shouldCountItsVirtualThreads() throws Exception {
        try (var it = using("virtual-threads", "1000")) {
            it.awaitLine(1, "started");
            assertEquals(1000, stats(it, 1).cpu().virtualThreads());
            assertEquals(0, stats(it, 2).cpu().virtualThreads());
        }
    }

    @Test
    void shouldCountTheClassesOfItsLoadersAndWhatTheyTake() throws Exception {
        int classes = 300;
        try (var it = using("define", Integer.toString(classes))) {
            it.awaitLine(2, "begun");
            List<Long> told = awaitTold(it, "classes");
            long defined = told.getLast() - told.getFirst();
            assertTrue(defined >= classes && defined < classes + 20, "defined " + defined);
            assertTrue(stats(it, 2).memory().loadedClasses() < told.getLast() - classes / 2);

            long neighbour = awaitMetaspace(it, 2);
            await().until(() -> awaitMetaspace(it, 1) > neighbour + classes * 500L); // the answer may be a second old
            assertTrue(awaitMetaspace(it, 1) + neighbour < usedMetaspace());
            WorkerStats last = it.worker(1).kill().get().last();
            assertTrue(last.memory().metaspaceBytes().orElseThrow() > neighbour + classes * 500L);
        }
    }

    private static long awaitMetaspace(Harness it, long worker) {
        await().until(() -> stats(it, worker).memory().metaspaceBytes().isPresent());
        OptionalLong bytes = stats(it, worker).memory().metaspaceBytes();
        return bytes.orElseThrow();
    }

    private static long usedMetaspace() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    @Test
    void shouldLetAWorkerWatchItself() throws Exception {
        try (var it = using("grow", "128")) {
            Exit exit = it.awaitExit(1);
            assertEquals(new ExitReason.Completed(1), exit.reason());
            assertTrue(exit.last().memory().allocatedBytes() > 128 * MIB, exit.toString());
            assertTrue(exit.last().memory().allocatedBytes() < 160 * MIB, exit.toString());
        }
    }
}
