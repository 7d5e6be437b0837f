package dev.corral.isolate;

import dev.corral.jdk.JdkThreads;
import dev.corral.redirect.Redirects;
import dev.corral.redirect.UpcallGuard;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells which isolate a thread belongs to. The one place that does, for exits, streams, ports and the end of threads.
 *
 * <p>For the current thread: the one that its platform thread carries for; else that of the platform thread's group; else
 * that of the nearest frame whose class an isolate has loaded; else none.
 */
public final class Owner {
    /** Carrier of the current thread; null where {@code java.base/java.lang} is not opened. */
    private static final @Nullable MethodHandle CURRENT_CARRIER = currentCarrier();
    private static volatile Function<Thread, @Nullable Object> ownerOfCarrier = _ -> null;
    private static final StackWalker FRAMES = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final ThreadGroup OF_VIRTUAL_THREADS = Thread.ofVirtual().unstarted(() -> {}).getThreadGroup();

    private Owner() {}

    private static @Nullable MethodHandle currentCarrier() {
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Tells how to find whom a carrier carries for: an isolate, or null for a thread that is no carrier. */
    public static void useCarriers(Function<Thread, @Nullable Object> ownerOfCarrier) {
        Owner.ownerOfCarrier = ownerOfCarrier;
    }

    /** The isolate that the current thread belongs to, or null. */
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

    /** The redirects of the worker that the current thread belongs to, or null. */
    public static @Nullable Redirects redirects() {
        Isolate isolate = current();
        return isolate == null ? null : isolate.redirects();
    }

    /**
     * The isolate that a platform thread belongs to, or null: that of its group; for one that a virtual thread made, that of its context
     * class loader; for one that native code made, that of the upcall that it is in.
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

    /** The isolate that this loader or an ancestor of it is of, or null. */
    public static @Nullable Isolate of(@Nullable ClassLoader loader) {
        for (ClassLoader l = loader; l != null; l = l.getParent()) {
            if (l instanceof IsolateLoader isolateLoader) {
                return isolateLoader.isolate();
            }
        }
        return null;
    }
}
