package dev.corral.health;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.WorkerStats.Heartbeat;
import dev.corral.carrier.Carrier;
import dev.corral.carrier.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("c2")
class LatencyProbeTest {
    private final Scheduler scheduler = new Scheduler("probe", this, 1);
    private final LatencyProbe probe = new LatencyProbe(scheduler);
    private final AtomicInteger done = new AtomicInteger();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void shouldSendNoneWhereThereIsNoCarrier() {
        assertFalse(check());
        assertEquals(Heartbeat.NONE, probe.heartbeat(0));
    }

    @Test
    void shouldSendOneAtEachLookToAWorkerThatDoesSomething() {
        for (int i = 0; i < 20; i++) {
            work();
            assertTrue(check());
        }
        assertTrue(probe.heartbeat(0).p50().isPresent());
    }

    @Test
    void shouldSendOneAtEachTenthLookToAWorkerThatDoesNothing() {
        work();
        assertTrue(check());
        assertEquals(10, IntStream.range(0, 100).filter(_ -> check()).count());
    }

    @Test
    void shouldSendOneAtATime() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        scheduler.execute(() -> {
            begun.countDown();
            while (end.getCount() > 0) { // one that waits would be given a spare thread
                Thread.onSpinWait();
            }
        });
        begun.await();
        assertTrue(probe.check(positions()));
        assertEquals(0, IntStream.range(0, 100).filter(i -> probe.check(i)).count());
        end.countDown();
        await().until(() -> probe.heartbeat(0).max().isPresent());
    }

    /** A task of the program; returns when it is done. */
    private void work() {
        int before = done.get();
        scheduler.execute(done::incrementAndGet);
        soon().until(() -> done.get() > before && scheduler.waiting() == 0 && isBetweenTasks());
    }

    /** As the watchdog does, when the carriers have nothing to do. */
    private boolean check() {
        soon().until(this::isBetweenTasks);
        boolean sent = probe.check(positions());
        soon().until(() -> scheduler.waiting() == 0 && isBetweenTasks());
        return sent;
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    private boolean isBetweenTasks() {
        return positions() % 2 == 0;
    }

    private long positions() {
        long sum = 0;
        for (Carrier carrier : scheduler.carrying()) {
            sum += carrier.position();
        }
        return sum;
    }
}
