package dev.corral.reap;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("c2")
class OrphanedLocksTest {
    static Stream<Lock> locks() {
        return Stream.of(new ReentrantLock(), new ReentrantLock(true), new ReentrantReadWriteLock().writeLock());
    }

    private static Thread waitingFor(Lock lock) {
        Thread waiting = Thread.ofPlatform().daemon().start(() -> {
            lock.lock();
            lock.unlock();
        });
        await().until(() -> LockSupport.getBlocker(waiting) != null);
        return waiting;
    }

    @ParameterizedTest
    @MethodSource("locks")
    @SuppressWarnings("LockNotBeforeTry") // that is the case
    void shouldReleaseTheLockOfADeadThread(Lock lock) throws Exception {
        assertTrue(OrphanedLocks.canBeReleased());
        Thread owner = Thread.ofPlatform().start(() -> {
            lock.lock();
            lock.lock();
        });
        owner.join();
        Thread first = waitingFor(lock);
        Thread second = waitingFor(lock);

        OrphanedLocks.releaseFor(first);

        assertTrue(first.join(Duration.ofMinutes(1)));
        assertTrue(second.join(Duration.ofMinutes(1)));
        assertTrue(lock.tryLock());
    }

    @Test
    void shouldLeaveTheLockOfAThreadThatLives() throws Exception {
        var lock = new ReentrantLock();
        var end = new CountDownLatch(1);
        var locked = new CountDownLatch(1);
        Thread owner = Thread.ofPlatform().daemon().start(() -> {
            lock.lock();
            try {
                locked.countDown();
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                lock.unlock();
            }
        });
        locked.await();
        Thread waiting = waitingFor(lock);

        OrphanedLocks.releaseFor(waiting);

        assertTrue(lock.isLocked());
        assertFalse(lock.isHeldByCurrentThread());
        end.countDown();
        assertTrue(owner.join(Duration.ofMinutes(1)) && waiting.join(Duration.ofMinutes(1)));
    }
}
