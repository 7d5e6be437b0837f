package dev.corral.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("c2")
class GlobalReferenceTest {
    @BeforeEach
    void assumeHotSpot() {
        assumeTrue(Jvm.isReachable(), "neither HotSpot nor Linux on x86-64");
    }

    /** Makes a reference; the machine code is what asks second for its handler. */
    private static final class Making extends Thread {
        private final boolean throwing;
        private int asked;
        private volatile @Nullable Throwable thrown;

        Making(boolean throwing) {
            this.throwing = throwing;
        }

        @Override
        public UncaughtExceptionHandler getUncaughtExceptionHandler() {
            asked++;
            if (throwing && asked == 2) {
                throw new UnsupportedOperationException("as asked for");
            }
            return super.getUncaughtExceptionHandler();
        }

        @Override
        public void run() {
            try (var reference = GlobalReference.to("object")) {
                assertEquals(2, asked);
                assertEquals(false, reference.address().address() == 0);
            } catch (Throwable e) {
                thrown = e;
            }
        }
    }

    @Test
    void shouldMakeAReference() throws InterruptedException {
        var making = new Making(false);
        making.start();
        making.join();
        assertNull(making.thrown);
    }

    @Test
    void shouldForgetWhatJavaThrowsAndSayThatThereIsNone() throws InterruptedException {
        var making = new Making(true);
        making.start();
        making.join();
        assertInstanceOf(IllegalStateException.class, making.thrown);
    }
}
