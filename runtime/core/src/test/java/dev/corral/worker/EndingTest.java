package dev.corral.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTest {
    private static final Error NO_MEMORY = new OutOfMemoryError("made up");

    /** How often it was tried when it fails with these, one after another. */
    private static int tries(Throwable... failures) {
        Deque<Throwable> left = new ArrayDeque<>(List.of(failures));
        int[] tries = {0};
        Ending.runStep(Ending.AGAIN, _ -> {}, () -> {
            tries[0]++;
            switch (left.poll()) {
                case null -> {
                }
                case Error e -> throw e;
                case RuntimeException e -> throw e;
                case Throwable e -> throw new AssertionError(e);
            }
        });
        return tries[0];
    }

    @Test
    void shouldDoAStepAgainUntilThereIsMemoryForIt() {
        assertEquals(1, tries());
        assertEquals(3, tries(NO_MEMORY, NO_MEMORY));
        assertEquals(2, tries(new LinkageError("wrapped", new InvocationTargetException(NO_MEMORY))));
    }

    @Test
    void shouldLeaveOutAStepThatFailsOtherwise() {
        assertEquals(1, tries(new IllegalStateException("made up"), NO_MEMORY));
        assertEquals(2, tries(NO_MEMORY, new LinkageError("made up"), NO_MEMORY));
    }
}
