package dev.corral.memory;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
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

    @Test
    void shouldCountTheTimerOfAThreadThatWaitsForALimitedTime() throws InterruptedException {
        Thread untimed = waiting(LockSupport::park);
        Thread timed = waiting(() -> LockSupport.parkNanos(NANOS));
        long timer = Stacks.bytesOf(timed) - Stacks.bytesOf(untimed);
        assertTrue(timer > 200 && timer < 500, Long.toString(timer)); // the frames take some 150 bytes more
        for (Thread each : new Thread[]{timed, untimed}) {
            LockSupport.unpark(each);
            each.join();
            assertEquals(0, Stacks.bytesOf(each));
            assertFalse(Stacks.isRunning(each));
        }
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
