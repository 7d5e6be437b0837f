package dev.corral.carrier;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulerLimitTest {
    private static final int LIMIT = 10;

    private final Scheduler scheduler = new Scheduler("limited", this, 2, LIMIT);

    @AfterEach
    void close() {
        scheduler.close();
    }

    private Thread start(Runnable task) {
        return VirtualThreads.on(scheduler).start(task);
    }

    private void awaitThreads(int threads) {
        await().atMost(Duration.ofSeconds(60)).until(() -> scheduler.threads() == threads);
    }

    @Test
    void shouldRefuseAThreadTooManyAndTakeOthersOnceOneHasEnded() {
        var end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            assertFalse(scheduler.isFull());
            threads.add(start(() -> {
                while (end.getCount() > 0) {
                    LockSupport.park();
                }
            }));
        }
        assertTrue(scheduler.isFull());
        assertThrows(RejectedExecutionException.class, () -> start(() -> {}));
        threads.forEach(LockSupport::unpark); // they are no new ones
        assertEquals(LIMIT, scheduler.threads());
        end.countDown();
        threads.forEach(LockSupport::unpark);
        awaitThreads(0);
        start(() -> {});
        awaitThreads(0);
    }

    @Test
    void shouldLoseCountOfNone() throws Exception {
        for (int round = 0; round < 200; round++) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++) {
                threads.add(start(Thread::yield));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            awaitThreads(0);
        }
    }
}
