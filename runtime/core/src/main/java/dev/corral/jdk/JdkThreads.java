package dev.corral.jdk;

import dev.corral.thread.ServiceThreads;
import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Non-public state and methods of {@code Thread}. Needs {@code java.base/java.lang} to be opened; otherwise the methods
 * return what the public methods return. Thread-safe.
 */
public final class JdkThreads {
    private static final @Nullable MethodHandle ALL = JdkInternal.ALL_THREADS.methodOrNull();
    private static final @Nullable MethodHandle INTERRUPT = JdkInternal.INTERRUPT.ownMethodOrNull();
    private static final @Nullable MethodHandle STATE = JdkInternal.GET_STATE.ownMethodOrNull();
    private static final @Nullable MethodHandle STACK = JdkInternal.GET_STACK_TRACE.ownMethodOrNull();
    private static final @Nullable VarHandle HANDLER = JdkInternal.UNCAUGHT_HANDLER.fieldOrNull();
    private static final @Nullable VarHandle HOLDER = JdkInternal.THREAD_HOLDER.fieldOrNull();
    private static final @Nullable VarHandle GROUP = JdkInternal.HOLDER_GROUP.fieldOrNull();
    private static final @Nullable VarHandle TASK = JdkInternal.HOLDER_TASK.fieldOrNull();

    private JdkThreads() {}

    /** Returns whether the package is opened. */
    public static boolean areOpen() {
        return ALL != null && INTERRUPT != null && HANDLER != null && GROUP != null && TASK != null;
    }

    /** Returns the current platform threads. Some may have ended when the method returns. */
    public static List<Thread> snapshot() {
        if (ALL != null) {
            try {
                return Arrays.asList((Thread[]) ALL.invokeExact());
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
        ThreadGroup root = ServiceThreads.rootGroup();
        var threads = new Thread[root.activeCount() + 16];
        int n = root.enumerate(threads, true);
        while (n == threads.length) {
            threads = new Thread[2 * n];
            n = root.enumerate(threads, true);
        }
        return Arrays.asList(threads).subList(0, n);
    }

    /**
     * Interrupts a thread, even if its class overrides the method: an overriding method of a condemned worker would
     * throw here.
     */
    public static void interrupt(Thread thread) {
        if (INTERRUPT == null || thread.isVirtual()) { // the class of virtual threads is the JDK's, and overrides the method
            thread.interrupt();
            return;
        }
        try {
            INTERRUPT.invokeExact(thread);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the state of a thread, even if its class overrides the method. */
    public static Thread.State stateOf(Thread thread) {
        if (STATE == null) {
            return thread.getState();
        }
        try {
            return (Thread.State) STATE.invokeExact(thread);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the stack of a thread, innermost frame first, even if its class overrides the method. */
    public static StackTraceElement[] stackOf(Thread thread) {
        if (STACK == null) {
            return thread.getStackTrace();
        }
        try {
            return (StackTraceElement[]) STACK.invokeExact(thread);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Sets the handler of a thread's uncaught exceptions, even if its class overrides the method. */
    public static void setHandler(Thread platform, UncaughtExceptionHandler handler) {
        if (HANDLER == null) {
            platform.setUncaughtExceptionHandler(handler);
        } else {
            HANDLER.setVolatile(platform, handler);
        }
    }

    /** Returns the group of a thread, also after its end, when the public method returns null. */
    public static @Nullable ThreadGroup groupOf(Thread platform) {
        Object holder = holderOf(platform);
        return holder == null || GROUP == null ? platform.getThreadGroup() : (ThreadGroup) GROUP.get(holder);
    }

    /** Returns the task that a thread was created to run; null if it is not known. */
    public static @Nullable Object taskOf(Thread platform) {
        Object holder = holderOf(platform);
        return holder == null || TASK == null ? null : TASK.get(holder);
    }

    private static @Nullable Object holderOf(Thread platform) {
        return HOLDER == null ? null : HOLDER.get(platform);
    }
}
