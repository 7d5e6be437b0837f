package dev.corral.memory;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StacksTest {
    private static final long NANOS = Duration.ofDays(1).toNanos();

    private static Thread waiting(Runnable how) {
        Thread thread = Thread.ofVirtual().start(how);
        await().until(() -> Stacks.bytesOf(thread) > 0 && thread.getState() != Thread.State.RUNNABLE);
        return thread;
    }

    private static void recurse(int depth) {
        if (depth > 0) {
            recurse(depth - 1);
        } else {
            LockSupport.park();
        }
    }

    /** The timer is cancelled without a word to the thread, so its stack stays as it is. */
    @Test
    void shouldCountTheTimerOfAThreadThatWaitsForALimitedTime() throws Exception {
        Thread thread = waiting(() -> LockSupport.parkNanos(NANOS));
        Field timer = Class.forName("java.lang.VirtualThread").getDeclaredField("timeoutTask");
        timer.setAccessible(true);
        long before = Stacks.bytesOf(thread);
        assertTrue(((Future<?>) timer.get(thread)).cancel(false));
        assertEquals(Stacks.TIMER, before - Stacks.bytesOf(thread));
        LockSupport.unpark(thread);
        thread.join();
        assertEquals(0, Stacks.bytesOf(thread));
        assertFalse(Stacks.isRunning(thread));
    }

    @Test
    void shouldCountDeepStacks() throws InterruptedException {
        Thread flat = waiting(() -> recurse(0));
        Thread deep = waiting(() -> recurse(1000));
        assertTrue(Stacks.bytesOf(deep) > Stacks.bytesOf(flat) + 1000 * Long.BYTES);
        assertTrue(Stacks.isRunning(deep));
        for (Thread each : new Thread[]{flat, deep}) {
            LockSupport.unpark(each);
            each.join();
        }
    }

    @Test
    void shouldCountNothingOfOtherObjects() {
        assertEquals(0, Stacks.bytesOf(new Object()));
        assertEquals(0, Stacks.bytesOf(Thread.currentThread()));
        assertFalse(Stacks.isRunning(Thread.currentThread()));
        assertFalse(Stacks.isRunning(Thread.ofVirtual().unstarted(() -> {})));
    }
}
