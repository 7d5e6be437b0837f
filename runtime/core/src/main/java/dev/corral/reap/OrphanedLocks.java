package dev.corral.reap;

import dev.corral.jdk.JdkInternal;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Releases locks whose owner is dead. A thread that dies at a checkpoint runs its {@code finally} blocks only up to
 * their first call of the worker's code, so it may not release a lock of {@code java.util.concurrent}. Threads that
 * wait for the lock, as many threads of pools do, would then wait for ever. (The JVM releases monitors.) Needs
 * {@code java.util.concurrent.locks} to be opened.
 */
final class OrphanedLocks {
    private static final @Nullable VarHandle OWNER = JdkInternal.LOCK_OWNER.fieldOrNull();
    private static final @Nullable VarHandle STATE = JdkInternal.LOCK_STATE.fieldOrNull();
    private static final @Nullable VarHandle LONG_STATE = JdkInternal.LONG_LOCK_STATE.fieldOrNull();
    /** The lower half of the state of a read-write lock, a long, is the number of the writer's holds. */
    private static final String READ_WRITE_LOCK = "java.util.concurrent.locks.ReentrantReadWriteLock";
    private static final long WRITER_HOLDS = 0xFFFF_FFFFL;

    private OrphanedLocks() {}

    /** Returns whether locks can be released. */
    static boolean canBeReleased() {
        return OWNER != null && STATE != null && LONG_STATE != null;
    }

    /**
     * Releases the lock that a thread waits for, if the lock's owner is dead. No other thread writes the fields of such
     * a lock: the threads that wait for it only read them.
     */
    static void releaseFor(Thread waiting) {
        if (OWNER == null || STATE == null || LONG_STATE == null
                || !(LockSupport.getBlocker(waiting) instanceof AbstractOwnableSynchronizer lock)) {
            return;
        }
        var owner = (Thread) OWNER.get(lock);
        if (owner == null || owner.isAlive()) {
            return;
        }
        OWNER.set(lock, Thread.currentThread());
        switch (lock) {
            case AbstractQueuedSynchronizer it -> it.release((int) STATE.getVolatile(it));
            case AbstractQueuedLongSynchronizer it -> it.release(holds(it, (long) LONG_STATE.getVolatile(it)));
            default -> OWNER.set(lock, owner);
        }
    }

    private static long holds(AbstractQueuedLongSynchronizer lock, long state) {
        return lock.getClass().getName().startsWith(READ_WRITE_LOCK) ? state & WRITER_HOLDS : state;
    }
}
