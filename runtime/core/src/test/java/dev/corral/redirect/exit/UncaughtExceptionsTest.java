package dev.corral.redirect.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Failure;
import dev.corral.WorkerKilled;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UncaughtExceptionsTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<Failure> crashes = new ArrayList<>();
    private int failures;
    private boolean ending;
    private boolean overflows;

    private UncaughtExceptions exceptions(boolean ends) {
        var printer = new FailurePrinter("test#1", () -> new PrintStream(printed, true, StandardCharsets.UTF_8),
                Thread::getName, new RecentFailures());
        return new UncaughtExceptions(() -> ending, printer, this::crash, ends);
    }

    private void crash(Failure failure) {
        if (overflows) {
            throw new StackOverflowError("made up");
        }
        if (failures > 0) {
            failures--;
            throw new OutOfMemoryError("made up");
        }
        crashes.add(failure);
    }

    private static void leave(UncaughtExceptions exceptions, Throwable thrown) {
        exceptions.uncaughtException(Thread.currentThread(), thrown);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEndTheWorkerWhereThatIsWanted(boolean ends) {
        leave(exceptions(ends), new IllegalStateException("boom"));
        assertEquals(ends ? 1 : 0, crashes.size());
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("boom"));
    }

    @Test
    void shouldEndTheWorkerThatRunsOutOfMemoryInAnyCase() {
        UncaughtExceptions exceptions = exceptions(false);
        leave(exceptions, new OutOfMemoryError("made up"));
        assertEquals("java.lang.OutOfMemoryError: made up", crashes.getFirst().toString());
        List<Throwable> handled = new ArrayList<>();
        exceptions.setDefault((_, thrown) -> handled.add(thrown));
        leave(exceptions, new IllegalStateException("boom"));
        assertEquals(1, crashes.size());
        leave(exceptions, new OutOfMemoryError("made up"));
        assertEquals(2, crashes.size());
        assertEquals(2, handled.size());
    }

    @Test
    void shouldInsistWhereTellingItRunsOutOfMemoryToo() {
        UncaughtExceptions exceptions = exceptions(true);
        exceptions.setDefault((_, _) -> {
            throw new OutOfMemoryError("of the handler");
        });
        failures = 3;
        leave(exceptions, new OutOfMemoryError("made up"));
        assertEquals(1, crashes.size());
    }

    /** The exception itself is not about memory, but there is none for what follows from it. */
    @Test
    void shouldEndTheWorkerWhereAnyExceptionCannotBeHandledForLackOfMemory() {
        UncaughtExceptions exceptions = exceptions(true);
        failures = 3;
        leave(exceptions, new IllegalStateException("boom"));
        assertEquals(1, crashes.size());
        exceptions.setDefault((_, _) -> {
            throw new OutOfMemoryError("of the handler");
        });
        leave(exceptions, new IllegalStateException("boom"));
        assertEquals(2, crashes.size());
    }

    /** A thread without stack fails whenever it tries, as long as its upcall does not return. */
    @Test
    void shouldLeaveTheEndToAnotherThreadWhereThereIsNoStack() {
        UncaughtExceptions exceptions = exceptions(true);
        overflows = true;
        exceptions.leftUpcall(Thread.currentThread(), new IllegalStateException("boom"));
        assertEquals(List.of(), crashes);
        overflows = false;
        exceptions.crashIfPending();
        exceptions.crashIfPending();
        assertEquals(1, crashes.size());
        assertEquals("java.lang.IllegalStateException: boom", crashes.getFirst().toString());
    }

    @Test
    void shouldSayNothingOfAWorkerThatIsBeingEnded() {
        ending = true;
        leave(exceptions(true), new OutOfMemoryError("made up"));
        ending = false;
        leave(exceptions(true), new WorkerKilled("test"));
        assertEquals(List.of(), crashes);
    }
}
