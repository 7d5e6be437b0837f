package dev.corral.leak;

import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("c2")
class FinalizerLocalsTest {
    private static final CountDownLatch FINALIZED = new CountDownLatch(1);
    private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

    /** Sets what it is given as a thread local of the thread that finalizes it. */
    private static final class Leaving {
        private final Object left;

        Leaving(Object left) {
            this.left = left;
        }

        @SuppressWarnings({"removal", "deprecation", "Finalize", "UnusedMethod"}) // that is what it is about
        @Override
        protected void finalize() {
            LOCAL.set(left);
            FINALIZED.countDown();
        }
    }

    /** Of an ended worker. The thread local that the finalizer has left holds it. */
    @Test
    void shouldRemoveWhatFinalizersOfProgramsHaveLeft() {
        WeakReference<ClassLoader> ended = leave();
        await().until(() -> {
            System.gc();
            return FINALIZED.getCount() == 0;
        });
        await().until(() -> {
            System.gc();
            return ended.refersTo(null);
        });
    }

    private static WeakReference<ClassLoader> leave() {
        var loader = new ClassLoader() {};
        FinalizerLocals.removeUntilCollected(loader);
        new Leaving(loader);
        return new WeakReference<>(loader);
    }
}
