package dev.corral.isolate;

import dev.corral.jdk.JdkInternal;
import dev.corral.jdk.JdkThreads;
import dev.corral.redirect.Redirects;
import dev.corral.redirect.foreign.UpcallGuard;
import java.lang.invoke.MethodHandle;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the isolate that a thread belongs to. Exits, streams, ports and the end of threads all use this class.
 * Thread-safe.
 *
 * <p>The current thread belongs to the isolate for which its platform thread is a carrier. Otherwise it belongs to the
 * isolate of its platform thread's group. Otherwise it belongs to the isolate that has loaded the class of the nearest
 * frame on its stack. Otherwise it belongs to none.
 */
public final class Owner {
    /**
     * Returns the platform thread that runs the current thread; null where {@code java.base/java.lang} is not opened.
     */
    private static final @Nullable MethodHandle CURRENT_CARRIER = JdkInternal.CURRENT_CARRIER.methodOrNull();
    private static volatile Function<Thread, @Nullable Object> ownerOfCarrier = _ -> null;
    private static final StackWalker FRAMES = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final ThreadGroup OF_VIRTUAL_THREADS = Thread.ofVirtual().unstarted(() -> {}).getThreadGroup();

    private Owner() {}

    /**
     * Sets the function that returns the isolate for which a platform thread is a carrier; null for a thread that is no
     * carrier.
     */
    public static void useCarriers(Function<Thread, @Nullable Object> ownerOfCarrier) {
        Owner.ownerOfCarrier = ownerOfCarrier;
    }

    /** Returns the isolate that the current thread belongs to, or null. */
    public static @Nullable Isolate current() {
        Thread thread = currentPlatformThread();
        if (ownerOfCarrier.apply(thread) instanceof Isolate isolate) {
            return isolate;
        }
        Isolate isolate = WorkerGroup.isolateOf(thread.getThreadGroup());
        return isolate != null ? isolate : FRAMES.walk(frames -> frames.map(frame -> of(frame.getDeclaringClass()))
                .filter(found -> found != null).findFirst().orElse(null));
    }

    private static Thread currentPlatformThread() {
        if (CURRENT_CARRIER == null) {
            return Thread.currentThread();
        }
        try {
            return (Thread) CURRENT_CARRIER.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the redirects of the worker that the current thread belongs to, or null. */
    public static @Nullable Redirects redirects() {
        Isolate isolate = current();
        return isolate == null ? null : isolate.redirects();
    }

    /**
     * Returns the isolate that a platform thread belongs to, or null. It is the isolate of the thread's group. For a
     * thread that a virtual thread created, it is the isolate of its context class loader. For a thread that native
     * code created, it is the isolate of the upcall that the thread is in.
     */
    public static @Nullable Isolate of(Thread thread) {
        ThreadGroup group = JdkThreads.groupOf(thread);
        if (group == OF_VIRTUAL_THREADS) {
            return of(thread.getContextClassLoader());
        }
        Isolate isolate = WorkerGroup.isolateOf(group);
        return isolate != null ? isolate : WorkerGroup.isolateOf(UpcallGuard.groupOf(thread));
    }

    private static @Nullable Isolate of(Class<?> type) {
        return of(type.getClassLoader());
    }

    /** Returns the isolate of a class loader or of its nearest ancestor that has one, or null. */
    public static @Nullable Isolate of(@Nullable ClassLoader loader) {
        for (ClassLoader l = loader; l != null; l = l.getParent()) {
            if (l instanceof IsolateLoader isolateLoader) {
                return isolateLoader.isolate();
            }
        }
        return null;
    }
}
