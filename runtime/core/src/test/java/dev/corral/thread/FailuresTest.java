package dev.corral.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void shouldDoItAgainUntilThereIsMemory() {
        var entered = new AtomicInteger();
        Failures.insist(Log.get(), "made up", () -> {
            if (entered.incrementAndGet() < 4) {
                throw new OutOfMemoryError("made up");
            }
        });
        assertEquals(4, entered.get());
    }

    @Test
    void shouldTellWantOfMemoryHoweverItIsWrapped() {
        var error = new OutOfMemoryError("made up");
        assertTrue(Failures.isWantOfMemory(error));
        assertTrue(Failures.isWantOfMemory(new LinkageError("no", new IllegalStateException(error))));
        assertFalse(Failures.isWantOfMemory(new LinkageError("no", new StackOverflowError())));
    }
}
