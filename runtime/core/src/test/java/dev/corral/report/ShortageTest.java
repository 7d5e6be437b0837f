package dev.corral.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason;
import dev.corral.Failure;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class ShortageTest {
    private static boolean isShortage(Throwable thrown) {
        return Shortage.isReasonOf(new ExitReason.Crashed(Failure.of(thrown)));
    }

    @Test
    void shouldRecogniseALackOfDescriptorsAndOfThreadsInAnyCause() {
        assertTrue(isShortage(new SocketException("Too many open files")));
        assertTrue(isShortage(new IOException("Too many open files in system")));
        assertTrue(isShortage(new OutOfMemoryError("unable to create native thread: possibly out of memory")));
        assertTrue(isShortage(new IllegalStateException("no context", new IOException("/f: Too many open files"))));
    }

    @Test
    void shouldNotTakeOtherFailuresForALackOfTheHost() {
        assertFalse(isShortage(new OutOfMemoryError("Java heap space")));
        assertFalse(isShortage(new IOException("No such file or directory")));
        assertFalse(Shortage.isReasonOf(new ExitReason.Completed(1)));
        assertFalse(Shortage.isReasonOf(new ExitReason.Killed()));
    }
}
