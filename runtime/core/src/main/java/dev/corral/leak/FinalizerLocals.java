package dev.corral.leak;

import dev.corral.jdk.PrivateFields;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The thread locals of the JVM's finalizer thread. Finalizers of all programs run on it, and what one of them sets there holds the class
 * loader of its program for as long as the JVM lives: Undertow, for example, keeps buffers there that it has yet to free.
 *
 * <p>They are removed by a finalizer too, so on the thread itself. A finalizer of another program that comes later finds its own gone, and
 * sets them anew. Needs {@code java.base/java.lang} opened; without it they stay.
 */
final class FinalizerLocals {
    private static final @Nullable VarHandle LOCALS = PrivateFields.of(Thread.class, "threadLocals");
    /** Whether one is on its way. */
    private static final AtomicBoolean PENDING = new AtomicBoolean();

    private FinalizerLocals() {}

    /** Has them removed after the next collection. Cheap; any thread. */
    static void remove() {
        if (LOCALS != null && PENDING.compareAndSet(false, true)) {
            try {
                new Sweep();
            } catch (OutOfMemoryError e) {
                PENDING.set(false);
                throw e;
            }
        }
    }

    private static final class Sweep {
        @SuppressWarnings({"removal", "deprecation", "Finalize", "UnusedMethod"}) // nothing else runs on that thread
        @Override
        protected void finalize() {
            PENDING.set(false);
            VarHandle locals = LOCALS;
            if (locals != null) {
                locals.set(Thread.currentThread(), null);
            }
        }
    }
}
