package dev.corral.leak;

import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

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

    private static WeakReference<Object> leave() {
        var left = new Object();
        new Leaving(left);
        return new WeakReference<>(left);
    }

    @Test
    void shouldRemoveWhatFinalizersOfProgramsHaveLeft() {
        WeakReference<Object> left = leave();
        await().until(() -> {
            System.gc();
            return FINALIZED.getCount() == 0;
        });
        await().until(() -> {
            FinalizerLocals.remove();
            System.gc();
            return left.refersTo(null);
        });
    }
}
