package dev.corral.reap;

import dev.corral.isolate.Isolate;
import dev.corral.isolate.Owner;
import dev.corral.jdk.JdkInternal;
import dev.corral.jdk.JdkThreads;
import dev.corral.redirect.thread.CommonPool;
import dev.corral.redirect.thread.WorkerPool;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A loop of the JDK that keeps a thread alive: the loop of a pool, a timer, an HTTP server or an LDAP connection. Its
 * thread ignores interrupts and passes no checkpoint; it ends when the owner of the loop is shut down. The owner is
 * found from the task of the thread, through the wrappers that thread factories put around it. Needs {@code java.lang},
 * {@code java.util}, {@code java.util.concurrent} and the packages of the HTTP server and of LDAP to be opened; owners
 * in other packages are not found.
 *
 * @param owner compared by identity, so that each one is shut down once
 * @param end shuts down the owner
 */
record JdkLoop(Object owner, Action end) {
    private static final @Nullable Class<?> POOL_WORKER = JdkInternal.POOL_OF_WORKER.type();
    private static final @Nullable VarHandle POOL = JdkInternal.POOL_OF_WORKER.fieldOrNull();
    private static final @Nullable Class<?> TIMER_THREAD = JdkInternal.TIMER_QUEUE.type();
    private static final @Nullable VarHandle QUEUE = JdkInternal.TIMER_QUEUE.fieldOrNull();
    private static final @Nullable VarHandle MAY_BE_SCHEDULED = JdkInternal.TIMER_MAY_BE_SCHEDULED.fieldOrNull();
    /** Runs the delayed tasks of a pool. It has no reference to the pool. */
    private static final @Nullable Class<?> DELAY_SCHEDULER = JdkInternal.DELAY_SCHEDULER.type();
    private static final @Nullable Class<?> HTTP_DISPATCHER = JdkInternal.HTTP_SERVER_OF_DISPATCHER.type();
    private static final @Nullable VarHandle HTTP_SERVER = JdkInternal.HTTP_SERVER_OF_DISPATCHER.fieldOrNull();
    /** Reads answers from its socket, which is a plain socket of the JDK. */
    private static final @Nullable Class<?> LDAP_CONNECTION = JdkInternal.LDAP_SOCKET.type();
    private static final @Nullable VarHandle SOCKET = JdkInternal.LDAP_SOCKET.fieldOrNull();
    private static final @Nullable VarHandle LOCK = JdkInternal.CONDITION_LOCK.fieldOrNull();
    private static final @Nullable VarHandle LONG_LOCK = JdkInternal.CONDITION_LONG_LOCK.fieldOrNull();
    private static final int MAX_WRAPPERS = 64;
    private static final long LOCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Shuts down the owner of a loop. May block. May throw exceptions of the worker's code. */
    interface Action {
        /**
         * Shuts down the owner.
         *
         * @throws InterruptedException if the current thread is interrupted while it waits for a lock
         */
        void run() throws ReflectiveOperationException, IOException, InterruptedException;
    }

    /** Returns whether the packages that are needed to find owners are opened. */
    static boolean canBeFound() {
        return JdkThreads.areOpen() && POOL != null && QUEUE != null && HTTP_SERVER != null
                && (SOCKET != null || ModuleLayer.boot().findModule("java.naming").isEmpty());
    }

    /** Returns the loop that keeps a thread alive; null if none is known. */
    static @Nullable JdkLoop of(Thread thread) {
        if (thread instanceof ForkJoinWorkerThread worker) {
            ForkJoinPool pool = worker.getPool();
            return new JdkLoop(pool, pool instanceof WorkerPool own ? own::end : pool::shutdownNow);
        }
        if (thread.getClass() == DELAY_SCHEDULER) {
            return new JdkLoop(thread, () -> endPoolsOf(Owner.of(thread)));
        }
        if (thread.getClass() == TIMER_THREAD) {
            return new JdkLoop(thread, () -> cancelTimer(thread));
        }
        return ofTask(JdkThreads.taskOf(thread));
    }

    private static void endPoolsOf(@Nullable Isolate isolate) {
        if (isolate != null) {
            isolate.redirects().get(CommonPool.class).endAll();
        }
    }

    /**
     * Returns the condition that a thread awaits, so that it can be signalled; null if the thread awaits no condition
     * of the JDK's locks. A thread in {@link java.util.concurrent.locks.Condition#awaitUninterruptibly} continues to
     * wait although it is interrupted. A signal ends the wait, and is always allowed, because it may come at any time.
     */
    static @Nullable JdkLoop ofCondition(Thread thread) {
        return switch (LockSupport.getBlocker(thread)) {
            case AbstractQueuedSynchronizer.ConditionObject that when outer(LOCK,
                    that) instanceof AbstractQueuedSynchronizer lock && isOfJdk(lock) ->
                    new JdkLoop(that,
                            () -> locked(lock.tryAcquireNanos(1, LOCK_NANOS), that::signalAll, () -> lock.release(1)));
            case AbstractQueuedLongSynchronizer.ConditionObject that when outer(LONG_LOCK,
                    that) instanceof AbstractQueuedLongSynchronizer lock && isOfJdk(lock) ->
                    new JdkLoop(that,
                            () -> locked(lock.tryAcquireNanos(1, LOCK_NANOS), that::signalAll, () -> lock.release(1)));
            case null, default -> null;
        };
    }

    private static void locked(boolean isAcquired, Runnable action, Runnable release) {
        if (isAcquired) {
            try {
                action.run();
            } finally {
                release.run();
            }
        }
    }

    /**
     * Returns whether the object is the synchronizer of a lock of the JDK, which can be acquired with the argument 1.
     */
    private static boolean isOfJdk(Object lock) {
        return lock.getClass().getName().startsWith("java.util.concurrent.locks.");
    }

    /** Searches the task and the objects that it wraps, nearest first. */
    private static @Nullable JdkLoop ofTask(@Nullable Object task) {
        Deque<Object> next = new ArrayDeque<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        if (task != null) {
            next.add(task);
        }
        while (!next.isEmpty() && seen.size() < MAX_WRAPPERS) {
            Object each = next.removeFirst();
            if (!seen.add(each)) {
                continue;
            }
            Class<?> type = each.getClass();
            if (type == POOL_WORKER) {
                return outer(POOL, each) instanceof ExecutorService pool ? new JdkLoop(pool, pool::shutdownNow) : null;
            }
            if (type == HTTP_DISPATCHER) {
                Object server = outer(HTTP_SERVER, each);
                return server == null ? null : new JdkLoop(server, () -> JdkHttpServer.stop(server, 0));
            }
            if (type == LDAP_CONNECTION) {
                return new JdkLoop(each, () -> closeSocket(each));
            }
            addWrapped(each, next);
        }
        return null;
    }

    private static void addWrapped(Object wrapper, Deque<Object> next) {
        for (Class<?> type = wrapper.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()
                        && field.trySetAccessible()) {
                    Object value = get(field, wrapper);
                    if (value instanceof Runnable || value instanceof Callable) {
                        next.add(value);
                    }
                }
            }
        }
    }

    private static @Nullable Object get(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            return null;
        }
    }

    private static @Nullable Object outer(@Nullable VarHandle field, Object inner) {
        return field == null ? null : field.get(inner);
    }

    /**
     * Cancels a timer as {@link java.util.Timer#cancel} does. That method cannot be called, because the timer may
     * belong to code that is not woven and is then not known. The action that the JDK runs when it finds the timer
     * collected remains, and refers to the thread. Therefore the thread must not refer to the code that refers to the
     * timer, so its context class loader is removed.
     */
    private static void cancelTimer(Thread timerThread) throws ReflectiveOperationException {
        if (QUEUE == null || MAY_BE_SCHEDULED == null) {
            return;
        }
        Method clear = JdkInternal.CLEAR_TIMER_QUEUE.reflected();
        Object queue = QUEUE.get(timerThread);
        synchronized (queue) {
            MAY_BE_SCHEDULED.set(timerThread, false);
            clear.invoke(queue);
            queue.notifyAll();
        }
        timerThread.setContextClassLoader(null);
    }

    /**
     * Closes the socket of an LDAP connection. Its thread then wakes those that wait for answers, and removes the
     * connection from the JDK's pool.
     */
    private static void closeSocket(Object ldapConnection) throws IOException {
        if (SOCKET != null && SOCKET.get(ldapConnection) instanceof Socket socket) {
            socket.close();
        }
    }
}
