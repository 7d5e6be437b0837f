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
        assertFalse(scheduler.isFull()); // nobody was refused
        assertThrows(RejectedExecutionException.class, () -> start(() -> {}));
        assertTrue(scheduler.isFull());
        threads.forEach(LockSupport::unpark); // they are no new ones
        assertEquals(LIMIT, scheduler.threads());
        end.countDown();
        threads.forEach(LockSupport::unpark);
        awaitThreads(0);
        assertFalse(scheduler.isFull());
        start(() -> {});
        awaitThreads(0);
    }

    /** It cannot do its work with what is left. */
    @Test
    void shouldStayFullWhereOneThreadOfTenEnds() {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            threads.add(start(LockSupport::park));
        }
        assertThrows(RejectedExecutionException.class, () -> start(() -> {}));
        LockSupport.unpark(threads.getFirst());
        awaitThreads(LIMIT - 1);
        assertTrue(scheduler.isFull());
        LockSupport.unpark(threads.getLast());
        awaitThreads(LIMIT - 2);
        assertFalse(scheduler.isFull());
        threads.forEach(LockSupport::unpark);
        awaitThreads(0);
    }

    @Test
    void shouldLoseCountOfNone() throws Exception {
        try (var all = new Scheduler("counted", this, 2)) {
            for (int round = 0; round < 200; round++) {
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < LIMIT; i++) {
                    threads.add(VirtualThreads.on(all).start(Thread::yield));
                }
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> all.threads() == 0);
        }
    }
}
