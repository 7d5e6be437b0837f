package dev.corral.leak;

import dev.corral.jdk.PrivateFields;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The thread locals of the JVM's finalizer thread. Finalizers of all programs run on it, and what one of them sets there holds the class
 * loader of its program for as long as the JVM lives: Undertow, for example, keeps buffers there that it has yet to free.
 *
 * <p>After each collection that leaves the class loader of an ended worker behind, they are removed, by a finalizer too, so on the thread
 * itself. A finalizer of another program that comes later finds its own thread locals gone, and sets them anew. Needs
 * {@code java.base/java.lang} opened; without it they stay. Any thread.
 */
final class FinalizerLocals {
    private static final @Nullable VarHandle LOCALS = PrivateFields.of(Thread.class, "threadLocals");

    // Guarded by the class.

    /** Loaders of workers that have ended. */
    private static final List<WeakReference<ClassLoader>> ENDED = new ArrayList<>();
    /** Whether the next collection finds a {@link Sweep}. */
    private static boolean armed;

    private FinalizerLocals() {}

    /** Has them removed after each collection until this loader has been collected. */
    static synchronized void removeUntilCollected(ClassLoader ended) {
        if (LOCALS != null) {
            ENDED.add(new WeakReference<>(ended));
            arm();
        }
    }

    private static synchronized void armAgain() {
        armed = false;
        ENDED.removeIf(each -> each.refersTo(null));
        if (!ENDED.isEmpty()) {
            arm();
        }
    }

    private static void arm() {
        if (!armed) {
            new Sweep();
            armed = true;
        }
    }

    /** Garbage as soon as it is made. */
    private static final class Sweep {
        @SuppressWarnings({"removal", "deprecation", "Finalize", "UnusedMethod"}) // nothing else runs on that thread
        @Override
        protected void finalize() {
            VarHandle locals = LOCALS;
            if (locals != null) {
                locals.set(Thread.currentThread(), null);
            }
            armAgain();
        }
    }
}
