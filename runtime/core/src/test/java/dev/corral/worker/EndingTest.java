package dev.corral.worker;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /**
     * An attempt that finds no memory is repeated, but what comes before the first attempt is not. In a full heap one
     * lambda expression there has left a worker that was being ended for ever.
     */
    @ParameterizedTest
    @CsvSource({"dev.corral.worker.Ending, tearDownSurely", "dev.corral.worker.IsolatedIncarnation, live"})
    void shouldAllocateNothingBeforeTheFirstAttempt(Class<?> type, String method) throws IOException {
        try (InputStream in = requireNonNull(type.getResourceAsStream(type.getSimpleName() + ".class"))) {
            MethodModel found = ClassFile.of().parse(in.readAllBytes()).methods().stream()
                    .filter(each -> each.methodName().equalsString(method)).findFirst().orElseThrow();
            List<CodeElement> allocating = found.code().orElseThrow().elementStream()
                    .filter(each -> each instanceof NewObjectInstruction || each instanceof InvokeDynamicInstruction)
                    .toList();
            assertEquals(List.of(), allocating);
        }
    }
}
