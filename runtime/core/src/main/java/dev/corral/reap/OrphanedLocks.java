package dev.corral.reap;

import dev.corral.jdk.PrivateFields;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Locks whose owner is dead. A thread that dies at a checkpoint runs its {@code finally} blocks only as far as they call no
 * code of the worker, so it may leave a lock of {@code java.util.concurrent} behind; who waits for it, as many threads of
 * pools do, would wait for ever. (Monitors are let go by the JVM.) Needs {@code java.util.concurrent.locks} opened.
 */
final class OrphanedLocks {
    private static final @Nullable VarHandle OWNER = PrivateFields.of(AbstractOwnableSynchronizer.class,
            "exclusiveOwnerThread");
    private static final @Nullable VarHandle STATE = PrivateFields.of(AbstractQueuedSynchronizer.class, "state");
    private static final @Nullable VarHandle LONG_STATE = PrivateFields.of(AbstractQueuedLongSynchronizer.class,
            "state");
    /** Of a read-write lock the lower half of its state, a long, counts the writer's holds. */
    private static final String READ_WRITE_LOCK = "java.util.concurrent.locks.ReentrantReadWriteLock";
    private static final long WRITER_HOLDS = 0xFFFF_FFFFL;

    private OrphanedLocks() {}

    /** Whether they can be let go. */
    static boolean canBeReleased() {
        return OWNER != null && STATE != null && LONG_STATE != null;
    }

    /**
     * Lets go the lock that this thread waits for, if its owner is dead. Nobody else writes the fields of such a lock: those
     * who wait for it only look whether they may have it.
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
