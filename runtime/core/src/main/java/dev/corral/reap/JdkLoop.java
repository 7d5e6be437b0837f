package dev.corral.reap;

import dev.corral.isolate.Isolate;
import dev.corral.isolate.Owner;
import dev.corral.jdk.JdkThreads;
import dev.corral.jdk.PrivateFields;
import dev.corral.redirect.CommonPool;
import dev.corral.redirect.WorkerPool;
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
 * What keeps a thread inside the JDK: a pool, a timer, an HTTP server, a connection to a directory. Such a thread waits in a
 * loop of the JDK that takes no notice of interrupts and passes no checkpoint; it ends when its owner is told to. The owner is
 * found from what the thread was made to run, through wrappers that thread factories put around it. Needs {@code java.lang},
 * {@code java.util}, {@code java.util.concurrent} and the packages of the HTTP server and of LDAP opened; what is not opened is
 * not found.
 *
 * @param owner by identity, so that each is told once
 */
record JdkLoop(Object owner, Action end) {
    private static final String POOL_WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";
    private static final String TIMER_THREAD = "java.util.TimerThread";
    /** Of a pool, which it does not tell: it runs what is scheduled there. */
    private static final String DELAY_SCHEDULER = "java.util.concurrent.DelayScheduler";
    private static final String HTTP_DISPATCHER = "sun.net.httpserver.ServerImpl$Dispatcher";
    /** Reads answers from its socket, which is of the JDK's own making. */
    private static final String LDAP_CONNECTION = "com.sun.jndi.ldap.Connection";
    private static final String SOCK = "sock";
    private static final int MAX_WRAPPERS = 64;
    private static final long LOCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How the owner is told. May block; may throw what the worker's code throws. */
    interface Action {
        void run() throws ReflectiveOperationException, IOException, InterruptedException;
    }

    /** Whether the means to find owners are there. */
    static boolean canBeFound() {
        return JdkThreads.areOpen() && PrivateFields.of(POOL_WORKER, "this$0") != null
                && PrivateFields.of(TIMER_THREAD, "queue") != null
                && PrivateFields.of(HTTP_DISPATCHER, "this$0") != null
                && (ModuleLayer.boot().findModule("java.naming").isEmpty()
                        || PrivateFields.of(LDAP_CONNECTION, SOCK) != null);
    }

    /** What keeps this thread; null if nothing known does. */
    static @Nullable JdkLoop of(Thread thread) {
        if (thread instanceof ForkJoinWorkerThread worker) {
            ForkJoinPool pool = worker.getPool();
            return new JdkLoop(pool, pool instanceof WorkerPool own ? own::end : pool::shutdownNow);
        }
        if (thread.getClass().getName().equals(DELAY_SCHEDULER)) {
            return new JdkLoop(thread, () -> endPoolsOf(Owner.of(thread)));
        }
        if (thread.getClass().getName().equals(TIMER_THREAD)) {
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
     * The condition that this thread awaits, which {@link java.util.concurrent.locks.Condition#awaitUninterruptibly} goes on to
     * do although it is interrupted; null if it awaits none of the JDK's locks. Its end is a signal, and that may come any time.
     */
    static @Nullable JdkLoop ofCondition(Thread thread) {
        Object condition = LockSupport.getBlocker(thread);
        return switch (condition == null ? null : outer(condition)) {
            case AbstractQueuedSynchronizer lock when isOfJdk(lock)
                    && condition instanceof AbstractQueuedSynchronizer.ConditionObject that ->
                    new JdkLoop(that,
                            () -> locked(lock.tryAcquireNanos(1, LOCK_NANOS), that::signalAll, () -> lock.release(1)));
            case AbstractQueuedLongSynchronizer lock when isOfJdk(lock)
                    && condition instanceof AbstractQueuedLongSynchronizer.ConditionObject that ->
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

    /** Whether it is what a lock of the JDK is made of, so that it can be acquired once, for all that it is. */
    private static boolean isOfJdk(Object lock) {
        return lock.getClass().getName().startsWith("java.util.concurrent.locks.");
    }

    /** Looks at the task and at what it wraps, nearest first. */
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
            switch (each.getClass().getName()) {
                case POOL_WORKER -> {
                    return outer(each) instanceof ExecutorService pool ? new JdkLoop(pool, pool::shutdownNow) : null;
                }
                case HTTP_DISPATCHER -> {
                    Object server = outer(each);
                    return server == null ? null : new JdkLoop(server, () -> JdkHttpServer.stop(server, 0));
                }
                case LDAP_CONNECTION -> {
                    return new JdkLoop(each, () -> closeSocket(each));
                }
                default -> addWrapped(each, next);
            }
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

    private static @Nullable Object outer(Object inner) {
        VarHandle outer = PrivateFields.of(inner.getClass(), "this$0");
        return outer == null ? null : outer.get(inner);
    }

    /**
     * As {@link java.util.Timer#cancel} does it, for which one would need the timer: it may be of code that is not woven. What the JDK is to do when it finds the
     * timer collected stays, and holds the thread: so the thread must not hold the code that holds the timer.
     */
    private static void cancelTimer(Thread timerThread) throws ReflectiveOperationException {
        VarHandle queueField = PrivateFields.of(timerThread.getClass(), "queue");
        VarHandle mayBeScheduled = PrivateFields.of(timerThread.getClass(), "newTasksMayBeScheduled");
        if (queueField == null || mayBeScheduled == null) {
            return;
        }
        Object queue = queueField.get(timerThread);
        Method clear = queue.getClass().getDeclaredMethod("clear");
        clear.setAccessible(true);
        synchronized (queue) {
            mayBeScheduled.set(timerThread, false);
            clear.invoke(queue);
            queue.notifyAll();
        }
        timerThread.setContextClassLoader(null);
    }

    /** Its thread then tells those that wait for answers, and takes the connection out of the JDK's pool. */
    private static void closeSocket(Object ldapConnection) throws IOException {
        VarHandle sock = PrivateFields.of(ldapConnection.getClass(), SOCK);
        if (sock != null && sock.get(ldapConnection) instanceof Socket socket) {
            socket.close();
        }
    }
}
