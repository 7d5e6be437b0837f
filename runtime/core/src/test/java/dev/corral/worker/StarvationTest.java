package dev.corral.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.hotspot.OsThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StarvationTest {
    private static final long ELAPSED = Duration.ofMillis(100).toNanos();

    private final Starvation starvation = new Starvation();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;
    private volatile long sink;

    @AfterEach
    void end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
            thread.join();
        }
    }

    /** Beside as many others as keep all processors busy with threads that come before it. */
    @Test
    void shouldSeeThatAThreadGetsNoProcessor() {
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            spin();
        }
        Thread starved = spin();
        await().until(() -> {
            OsThread task = OsThread.of(starved);
            return task != null && task.setLowestPriority();
        });
        starvation.isAny(List.of(starved), ELAPSED);
        await().until(() -> starvation.isAny(List.of(starved), ELAPSED));
    }

    @Test
    void shouldNotTakeAThreadThatWaitsForOneThatStarves() {
        Thread waiting = start(() -> {
            while (!ended) {
                LockSupport.park();
            }
        });
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        assertFalse(starvation.isAny(List.of(waiting), ELAPSED));
        assertFalse(starvation.isAny(List.of(waiting), ELAPSED));
        assertTrue(waiting.isAlive());
    }

    private Thread spin() {
        return start(() -> {
            while (!ended) {
                sink = System.nanoTime();
            }
        });
    }

    private Thread start(Runnable task) {
        Thread thread = Thread.ofPlatform().daemon().start(task);
        threads.add(thread);
        return thread;
    }
}
