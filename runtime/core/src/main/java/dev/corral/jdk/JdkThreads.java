package dev.corral.jdk;

import dev.corral.thread.ServiceThreads;
import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK keeps to itself of threads. Needs {@code java.base/java.lang} opened; without it the answers are those
 * of the public methods.
 */
public final class JdkThreads {
    private static final @Nullable MethodHandle ALL = all();
    private static final @Nullable MethodHandle INTERRUPT = ownMethod("interrupt", void.class);
    private static final @Nullable MethodHandle STATE = ownMethod("getState", Thread.State.class);
    private static final @Nullable MethodHandle STACK = ownMethod("getStackTrace", StackTraceElement[].class);
    private static final @Nullable VarHandle HANDLER = PrivateFields.of(Thread.class, "uncaughtExceptionHandler");
    private static final @Nullable VarHandle HOLDER = PrivateFields.of(Thread.class, "holder");
    private static final @Nullable VarHandle GROUP = HOLDER == null ? null
            : PrivateFields.of(HOLDER.varType(), "group");
    private static final @Nullable VarHandle TASK = HOLDER == null ? null : PrivateFields.of(HOLDER.varType(), "task");

    private JdkThreads() {}

    private static @Nullable MethodHandle all() {
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findStatic(Thread.class, "getThreads", MethodType.methodType(Thread[].class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** That of {@code Thread} itself, which a subclass may override. */
    private static @Nullable MethodHandle ownMethod(String name, Class<?> returned) {
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup()).findSpecial(Thread.class, name,
                    MethodType.methodType(returned), Thread.class);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Whether it is opened. */
    public static boolean areOpen() {
        return ALL != null && INTERRUPT != null && HANDLER != null && GROUP != null && TASK != null;
    }

    /** The platform threads of this moment. Some may have ended by the time that they are looked at. */
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

    /** Interrupts it, whatever its class makes of that: code of a condemned worker throws where it is called. */
    public static void interrupt(Thread thread) {
        if (INTERRUPT == null || thread.isVirtual()) { // whose class is the JDK's, and has a method of its own
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

    /** Its state, whatever its class makes of that. */
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

    /** What is on its stack, innermost first, whatever its class makes of that. */
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

    /** Makes this the handler of what it does not catch, whatever its class makes of that. */
    public static void setHandler(Thread platform, UncaughtExceptionHandler handler) {
        if (HANDLER == null) {
            platform.setUncaughtExceptionHandler(handler);
        } else {
            HANDLER.setVolatile(platform, handler);
        }
    }

    /** The group, also after the thread has ended, when the public method tells none any more. */
    public static @Nullable ThreadGroup groupOf(Thread platform) {
        Object holder = holderOf(platform);
        return holder == null || GROUP == null ? platform.getThreadGroup() : (ThreadGroup) GROUP.get(holder);
    }

    /** What the thread was made to run; null if that is not known. */
    public static @Nullable Object taskOf(Thread platform) {
        Object holder = holderOf(platform);
        return holder == null || TASK == null ? null : TASK.get(holder);
    }

    private static @Nullable Object holderOf(Thread platform) {
        return HOLDER == null ? null : HOLDER.get(platform);
    }
}
