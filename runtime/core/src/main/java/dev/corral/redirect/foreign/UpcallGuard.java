package dev.corral.redirect.foreign;

import dev.corral.redirect.exit.UncaughtExceptions;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The guard around the upcalls of one worker: no exception leaves one. An exception of the program ends the worker, as
 * it would end a JVM; the thread waits in the upcall until the worker is condemned. The exception of the kill switch is
 * caught here as well.
 *
 * <p>An upcall of a condemned worker returns zero to the native code that has called it, and the thread dies at the
 * first checkpoint after that code. In two cases the thread never returns and is abandoned: if the upcall returns an
 * address or a structure, because native code may use a null pointer without a check; and if native code still calls
 * {@link #RETURNING_NANOS} after the first upcall that returned zero, because it may call for ever.
 */
public final class UpcallGuard {
    private static final long RETURNING_NANOS = 1_000_000_000;
    /** Time between two checks whether the worker is condemned. */
    private static final long LOOK_NANOS = 10_000_000;
    /**
     * Threads that native code has created and that are inside an upcall, each with the group of the worker whose
     * upcall it is.
     */
    private static final Map<Thread, ThreadGroup> NATIVE_THREADS = new ConcurrentHashMap<>();
    private static final StackWalker FRAMES = StackWalker.getInstance();

    private static final MethodHandle ENTER;
    private static final MethodHandle LEAVE;
    private static final MethodHandle LEFT_BY;
    private static final MethodHandle HOLD;

    static {
        try {
            var lookup = MethodHandles.lookup();
            ENTER = lookup.findVirtual(UpcallGuard.class, "enter", MethodType.methodType(ThreadGroup.class));
            LEAVE = lookup.findStatic(UpcallGuard.class, "leave",
                    MethodType.methodType(void.class, Throwable.class, ThreadGroup.class));
            LEFT_BY = lookup.findVirtual(UpcallGuard.class, "leftBy",
                    MethodType.methodType(void.class, boolean.class, Throwable.class));
            HOLD = lookup.findStatic(UpcallGuard.class, "hold", MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ThreadGroup group;
    private final UncaughtExceptions uncaught;
    /**
     * The time at which the first upcall of the condemned worker returned zero; 0 before. Written by any thread that
     * returns.
     */
    private volatile long returningSince;

    /** The guard of the worker with this group. */
    UpcallGuard(ThreadGroup group, UncaughtExceptions uncaught) {
        this.group = group;
        this.uncaught = uncaught;
    }

    /** The group of the worker whose upcall a thread is in, if native code has created the thread; otherwise null. */
    public static @Nullable ThreadGroup groupOf(Thread thread) {
        return NATIVE_THREADS.get(thread);
    }

    /** A handle of the same type that calls the target and throws nothing. */
    MethodHandle around(MethodHandle target) {
        Class<?> returned = target.type().returnType();
        MethodHandle caught = returning(MethodHandles.insertArguments(LEFT_BY.bindTo(this), 0, mayReturn(returned)),
                returned);
        MethodHandle inside = MethodHandles.dropArguments(
                MethodHandles.catchException(target, Throwable.class, caught), 0, ThreadGroup.class);
        MethodHandle whole = MethodHandles.foldArguments(MethodHandles.tryFinally(inside, leaving(returned)),
                ENTER.bindTo(this));
        return MethodHandles.catchException(whole, Throwable.class, caught);
    }

    /**
     * A handle of this type that calls nothing. It returns zero or, if the native code could not stand that, does not
     * return.
     */
    static MethodHandle nothing(MethodType type) {
        return mayReturn(type.returnType()) ? MethodHandles.empty(type)
                : MethodHandles.dropArguments(returning(HOLD, type.returnType()), 0, type.parameterList());
    }

    /** Whether zero is a value of this type that native code can stand. */
    private static boolean mayReturn(Class<?> type) {
        return type.isPrimitive();
    }

    /** A handle that calls one without a result, then returns zero. */
    private static MethodHandle returning(MethodHandle before, Class<?> type) {
        return type == void.class ? before : MethodHandles.filterReturnValue(before, MethodHandles.zero(type));
    }

    /**
     * The clean-up for {@link MethodHandles#tryFinally}. It takes the exception, the result, and what {@code enter}
     * returned.
     */
    private static MethodHandle leaving(Class<?> returned) {
        if (returned == void.class) {
            return LEAVE;
        }
        MethodHandle same = MethodHandles.dropArguments(
                MethodHandles.dropArguments(MethodHandles.identity(returned), 0, Throwable.class), 2,
                ThreadGroup.class);
        return MethodHandles.foldArguments(same, MethodHandles.dropArguments(LEAVE, 1, returned));
    }

    /**
     * Records the current thread if native code has created it. Returns the group that was recorded before, by an outer
     * upcall.
     */
    @SuppressWarnings("UnusedMethod") // through ENTER
    private @Nullable ThreadGroup enter() {
        Thread current = Thread.currentThread();
        return isMadeByNativeCode(current) ? NATIVE_THREADS.put(current, group) : null;
    }

    /**
     * Whether native code has created the thread: no Java method has called this upcall, or an outer upcall has found
     * that already.
     */
    private boolean isMadeByNativeCode(Thread current) {
        ThreadGroup own = current.getThreadGroup();
        return own != null && own != group && !current.isVirtual() && !group.parentOf(own)
                && (NATIVE_THREADS.containsKey(current) || FRAMES.walk(frames -> frames.allMatch(
                        frame -> frame.getClassName().equals(UpcallGuard.class.getName())
                                || frame.getClassName().startsWith("jdk.internal.foreign.abi."))));
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // through LEAVE, with a signature that tryFinally gives
    private static void leave(@Nullable Throwable thrown, @Nullable ThreadGroup before) {
        if (before != null) {
            NATIVE_THREADS.put(Thread.currentThread(), before);
        } else if (!NATIVE_THREADS.isEmpty()) {
            NATIVE_THREADS.remove(Thread.currentThread());
        }
    }

    @SuppressWarnings("UnusedMethod") // through LEFT_BY
    private void leftBy(boolean returns, Throwable thrown) {
        uncaught.leftUpcall(Thread.currentThread(), thrown);
        while (!uncaught.isEnding()) {
            awaitEnd();
        }
        if (returningSince == 0) {
            returningSince = System.nanoTime() | 1; // never 0
        }
        if (!returns || System.nanoTime() - returningSince > RETURNING_NANOS) {
            hold();
        }
    }

    /** Waits for a moment. Throws nothing: a thread without stack for a call would end the JVM. */
    private void awaitEnd() {
        try {
            LockSupport.parkNanos(this, LOOK_NANOS);
            Thread.interrupted(); // an interrupted thread would not park
        } catch (StackOverflowError _) {
            Thread.onSpinWait();
        }
    }

    private static void hold() {
        while (true) {
            try {
                LockSupport.park(NATIVE_THREADS);
                Thread.interrupted(); // an interrupted thread would not park
            } catch (StackOverflowError _) {
                Thread.onSpinWait();
            }
        }
    }
}
