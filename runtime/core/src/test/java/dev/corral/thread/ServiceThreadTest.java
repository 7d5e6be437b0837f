package dev.corral.thread;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterStats.ServiceThread.State;
import dev.corral.ClusterStats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ServiceThreadTest {
    private static final String CLUSTER = "service-thread-test";
    private static final String NAME = "corral-service-thread-test";

    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile boolean closed;
    private volatile int failures;
    private final ServiceThread thread = new ServiceThread(CLUSTER, NAME, this::run);

    @BeforeAll
    static void useLongTimes() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    private void run() {
        int number = runs.incrementAndGet();
        while (!closed) {
            thread.busy();
            if (number <= failures) {
                sneaky(new Exception("made up")); // neither RuntimeException nor Error
            }
            turns.incrementAndGet();
            thread.idle();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @AfterEach
    void close() {
        closed = true;
    }

    private static ClusterStats.ServiceThread stats() {
        return ServiceThreads.statsOf(CLUSTER).stream().filter(each -> each.name().equals(NAME)).findAny()
                .orElseThrow();
    }

    @Test
    void shouldEnterTheLoopAgainWhateverItThrows() {
        failures = 3;
        thread.start();
        await().until(() -> turns.get() > 0);
        assertEquals(new ClusterStats.ServiceThread(NAME, State.RUNNING, 3, true), stats());
    }

    @Test
    void shouldStartAnotherThreadForOneThatHasEnded() {
        thread.start();
        await().until(() -> turns.get() > 0);
        assertTrue(ServiceThreads.endWith(NAME, new Error("made up")));
        await().until(() -> stats().restarts() == 1);
        int before = turns.get();
        await().until(() -> turns.get() > before);
        assertEquals(State.RUNNING, stats().state());
    }

    @Test
    void shouldStartOnlyOnce() {
        thread.start();
        thread.start();
        await().until(() -> turns.get() > 1);
        assertEquals(1, runs.get());
    }

    @Test
    void shouldNotBeShownWhenItIsOver() {
        thread.start();
        closed = true;
        await().until(thread::isOver);
        await().until(() -> ServiceThreads.statsOf(CLUSTER).stream().noneMatch(each -> each.name().equals(NAME)));
    }

    @Test
    void shouldBeShownToThisClusterOnly() {
        thread.start();
        assertTrue(ServiceThreads.statsOf("another").stream().noneMatch(each -> each.name().equals(NAME)));
    }

    @Test
    void shouldGoOnOnAnotherThreadThanOneThatItWasTakenFrom() throws InterruptedException {
        var release = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        var calls = new AtomicInteger();
        var left = new ServiceThread[1];
        left[0] = new ServiceThread(CLUSTER, NAME, () -> {
            if (calls.incrementAndGet() == 1) {
                entered.countDown();
                awaitQuietly(release);
                return false;
            }
            return true;
        });
        left[0].start();
        entered.await();
        left[0].leave();
        assertEquals(State.ENDED, left[0].stats().state());
        left[0].supervise();
        await().until(left[0]::isOver);
        release.countDown();
        assertEquals(1, left[0].stats().restarts());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldTellAStallFromAWait() {
        long now = System.nanoTime();
        assertFalse(ServiceThread.isStalled(0, now));
        assertFalse(ServiceThread.isStalled(now - ServiceThread.STALL.toNanos(), now));
        assertTrue(ServiceThread.isStalled(now - ServiceThread.STALL.toNanos() - 1, now));
    }

    @Test
    void shouldCountTasksOfAPoolThatThrow() throws InterruptedException {
        ExecutorService pool = ServiceThreads.pool("test-pool-");
        pool.execute(() -> {
            throw new IllegalStateException("made up");
        });
        var ran = new CountDownLatch(1);
        pool.execute(ran::countDown);
        ran.await();
        await().until(() -> ServiceThreads.statsOf(CLUSTER)
                .contains(new ClusterStats.ServiceThread("test-pool", State.RUNNING, 1, true)));
        assertEquals(List.of(), pool.shutdownNow());
    }
}
