package dev.corral.leak;

import dev.corral.jdk.JdkInternal;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes the thread locals of the JVM's finalizer thread. The finalizers of all programs run on it. A value that one
 * of them stores in a thread local keeps the class loader of its program reachable for as long as the JVM lives.
 * Undertow, for example, stores buffers there that it must free later.
 *
 * <p>After each collection that leaves the class loader of an ended worker behind, the thread locals are removed by a
 * finalizer, which runs on the thread itself. A later finalizer of another program finds its own thread locals gone,
 * and creates them again. Needs {@code java.base/java.lang} to be opened; otherwise the thread locals remain.
 * Thread-safe.
 */
final class FinalizerLocals {
    private static final @Nullable VarHandle LOCALS = JdkInternal.THREAD_LOCALS.fieldOrNull();

    // Guarded by the monitor of the class.

    /** Class loaders of workers that have ended. */
    private static final List<WeakReference<ClassLoader>> ENDED = new ArrayList<>();
    /** Whether there is a {@link Sweep} that the next collection will find. */
    private static boolean armed;

    private FinalizerLocals() {}

    /** Removes the thread locals after each collection until this class loader has been collected. */
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

    /** An object that is garbage as soon as it is created, so that its finalizer runs after the next collection. */
    private static final class Sweep {
        @SuppressWarnings({"removal", "deprecation", "Finalize", "UnusedMethod"}) // only finalizers run on that thread
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
