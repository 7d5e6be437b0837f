package dev.corral.carrier;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads on a scheduler of one's own, through a builder that the JDK keeps to itself: the constructor
 * {@code ThreadBuilders.VirtualThreadBuilder(Executor)}. Needs {@code java.base/java.lang} opened.
 */
public final class VirtualThreads {
    private static final @Nullable MethodHandle NEW_BUILDER = newBuilder();

    private VirtualThreads() {}

    /** Whether this JVM lets a virtual thread have a scheduler of its own. */
    public static boolean haveOwnScheduler() {
        return NEW_BUILDER != null;
    }

    /** A builder of virtual threads that run on this scheduler; what they start without a builder runs there too. */
    public static Thread.Builder.OfVirtual on(Executor scheduler) {
        if (NEW_BUILDER == null) {
            throw new UnsupportedOperationException("java.base/java.lang is not opened");
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
            Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
            return MethodHandles.privateLookupIn(builder, MethodHandles.lookup())
                    .findConstructor(builder, MethodType.methodType(void.class, Executor.class))
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
