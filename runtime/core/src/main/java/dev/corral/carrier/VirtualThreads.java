package dev.corral.carrier;

import dev.corral.jdk.JdkInternal;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Builders of virtual threads with a scheduler of choice. They use a constructor that the JDK does not export:
 * {@code ThreadBuilders.VirtualThreadBuilder(Executor)}. Needs {@code java.base/java.lang} opened.
 */
public final class VirtualThreads {
    private static final @Nullable MethodHandle NEW_BUILDER = newBuilder();

    private VirtualThreads() {}

    /** Whether virtual threads can have a scheduler of choice in this JVM. */
    public static boolean haveOwnScheduler() {
        return NEW_BUILDER != null;
    }

    /**
     * Returns a builder of virtual threads that run on this scheduler. Virtual threads that these start without a
     * builder run there as well.
     */
    public static Thread.Builder.OfVirtual on(Executor scheduler) {
        if (NEW_BUILDER == null) {
            throw new UnsupportedOperationException("virtual threads cannot have a scheduler of choice in this JVM");
        }
        try {
            return (Thread.Builder.OfVirtual) NEW_BUILDER.invokeExact(scheduler);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable MethodHandle newBuilder() {
        try {
            return JdkInternal.VIRTUAL_THREAD_BUILDER.method()
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
