package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.samples.Leaky;
import dev.corral.testing.Harness;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The estimate of live bytes against what the sample {@code leaky} knows to keep. How many megabytes each kind keeps
 * says the system property {@code corral.kept}.
 *
 * <p>The error of an estimate from so many samples is about one divided by their square root, and a program gets
 * samples by chance: tests allow for four times that.
 */
class LiveBytesIT {
    private static final int WORKERS = 2;
    private static final long MB = 1 << 20;
    private static final int KEPT = Integer.getInteger("corral.kept", 80);
    /**
     * The tolerance for a few samples more or less, also for a program that keeps nothing. One sample stands for 128
     * KiB, and for 2 MiB if its thread still samples by the longer interval of a test before.
     */
    private static final long FEW = 3 * MB;
    private static final double TOLERANCE = 0.15;
    /**
     * An estimate may be further off by chance, and stays the same as long as nothing changes. So the program releases
     * what it keeps, and fills its memory again.
     */
    private static final int TRIES = 3;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final int port = Harness.freePort();
    private Harness it;

    @BeforeEach
    void open() throws Exception {
        it = new Harness(Program.classPath(List.of(Harness.jarOf(Leaky.class)), Leaky.class.getName(),
                Integer.toString(port)), config -> config.withWorkers(WORKERS).withHeartbeat(HeartbeatPolicy.OFF)); // gigabytes take a loop of many seconds
        it.awaitReady(WORKERS);
    }

    @AfterEach
    void close() {
        it.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/leak?size=16&mb=", "/leak?size=1024&mb=", "/leak?size=65536&mb=",
            "/leak?size=1048576&mb=", "/leak?size=8388608&mb=", "/strings?mb=", "/map?mb=", "/threadlocal?mb=",
            "/pool?mb="})
    void shouldKnowWhatAWorkerKeeps(String path) throws Exception {
        try (var keeping = Clients.connectTo(1, port)) {
            keeping.ask(path + KEPT);
            long kept = Math.round(Long.parseLong(keeping.ask("/kept")) * roomOfOne(path));
            double tolerance = TOLERANCE * kept + FEW;
            for (int i = 1; i < TRIES && !isLiveSoon(1, kept, tolerance); i++) {
                keeping.ask("/free");
                assertLive(1, 0, FEW);
                keeping.ask(path + KEPT);
            }
            assertLive(1, kept, tolerance);
            assertLive(2, 0, FEW);

            keeping.ask("/free");
            assertLive(1, 0, FEW);
        }
    }

    /**
     * How much of the heap a block takes with G1, which gives whole regions to one that is larger than half of a
     * region, over its size.
     */
    private static double roomOfOne(String path) {
        double size = path.startsWith("/leak?size=") ? Long.parseLong(path.replaceAll(".*size=|&.*", "")) : 1;
        double region = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("G1HeapRegionSize").getValue());
        return region == 0 || size <= region / 2 ? 1 : Math.ceil(size / region) * region / size;
    }

    /** So much that samples of it would cost too much, and are made more rarely: each weighs more, then. */
    @Test
    void shouldKnowWhatIsKeptBesideMuchGarbage() throws Exception {
        try (var churning = Clients.connectTo(1, port); var keeping = Clients.connectTo(2, port)) {
            churning.ask("/churn?mbps=4000&seconds=3600&size=65536");
            await("much garbage was made").until(() -> it.worker(1).stats().memory().allocatedBytes() > 2_000 * MB);
            keeping.ask("/leak?size=65536&mb=200");
            long kept = Long.parseLong(keeping.ask("/kept"));
            assertLive(2, kept, 0.5 * kept);
        }
    }

    /** What the young generation holds counts for nobody, whoever made it. */
    @Test
    void shouldNotCountGarbage() throws Exception {
        try (var churning = Clients.connectTo(1, port)) {
            churning.ask("/leak?mb=1");
            for (int i = 0; i < 20; i++) {
                churning.ask("/churn?mb=100");
                assertTrue(live(1) < 20 * MB, () -> "after 100 MB of garbage " + live(1) + " bytes are live");
            }
            assertLive(1, MB, FEW);
        }
    }

    /** Nothing runs on the stack of a thread that allocates but machine code. */
    @Test
    void shouldOutliveStacksThatOverflow() throws Exception {
        try (var overflowing = Clients.connectTo(1, port)) {
            for (int i = 0; i < 20; i++) {
                assertEquals("worker 1 has caught a StackOverflowError", overflowing.ask("/overflow"));
            }
        }
    }

    private boolean isLiveSoon(int worker, long kept, double tolerance) {
        try {
            await().atMost(SOON).until(() -> isLive(worker, kept, tolerance));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private boolean isLive(int worker, long kept, double tolerance) {
        System.gc();
        return it.worker(worker).stats().memory().liveBytes().isPresent()
                && Math.abs(live(worker) - kept) <= tolerance;
    }

    private void assertLive(int worker, long kept, double tolerance) {
        await("worker " + worker + " is thought to keep " + kept).until(() -> isLive(worker, kept, tolerance));
        System.out.printf("worker %d keeps %,d and is thought to keep %,d: %.1f%%%n", worker, kept, live(worker),
                100.0 * live(worker) / Math.max(1, kept));
    }

    private long live(int worker) {
        return it.worker(worker).stats().memory().liveBytes().orElse(0);
    }
}
