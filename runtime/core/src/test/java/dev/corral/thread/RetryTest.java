package dev.corral.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Error NO_MEMORY = new OutOfMemoryError("made up");

    private final List<Throwable> logged = new ArrayList<>();
    private int attempts;

    private Retry.Action<RuntimeException> failing(int times) {
        return () -> {
            if (++attempts <= times) {
                throw NO_MEMORY;
            }
        };
    }

    @Test
    void shouldTryUntilThereIsMemory() {
        assertTrue(Retry.UNTIL_DONE.run(logged::add, failing(3)));
        assertEquals(4, attempts);
        assertEquals(Collections.nCopies(3, NO_MEMORY), logged);
    }

    @Test
    void shouldTryAgainWhenThereIsNoMemoryToLogThat() {
        assertTrue(Retry.UNTIL_DONE.run(_ -> {
            throw NO_MEMORY;
        }, failing(3)));
        assertEquals(4, attempts);
    }

    @Test
    void shouldTryNoMoreThanItMay() {
        assertFalse(Retry.atMost(2).run(logged::add, failing(3)));
        assertEquals(2, attempts);
        assertEquals(2, logged.size());
        assertFalse(Retry.NEVER.run(logged::add, failing(9)));
        assertEquals(3, attempts);
    }

    @Test
    void shouldTryNoLongerThanItMay() {
        assertFalse(Retry.until(() -> attempts == 2).run(logged::add, failing(3)));
        assertEquals(2, attempts);
        assertFalse(Retry.until(() -> true).run(logged::add, failing(0)));
        assertEquals(2, attempts);
    }

    @Test
    void shouldThrowOtherFailuresAtOnce() {
        assertThrows(IllegalStateException.class, () -> Retry.UNTIL_DONE.run(logged::add, () -> {
            throw new IllegalStateException("made up");
        }));
        assertEquals(List.of(), logged);
    }

    @Test
    void shouldRecognizeWantOfMemoryHoweverItIsWrapped() {
        var error = new OutOfMemoryError("made up");
        assertTrue(Retry.isWantOfMemory(error));
        assertTrue(Retry.isWantOfMemory(new LinkageError("no", new IllegalStateException(error))));
        assertFalse(Retry.isWantOfMemory(new LinkageError("no", new StackOverflowError())));
    }
}
