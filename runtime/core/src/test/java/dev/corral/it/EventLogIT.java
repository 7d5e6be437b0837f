package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Harness;
import dev.corral.thread.Log;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import programs.Idle;

/** The log of a cluster that a program opens without a listener. */
class EventLogIT {
    private static final Logger LOGGER = Logger.getLogger("dev.corral");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            lines.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private boolean isRead() {
        Log.get().event(System.Logger.Level.INFO, "a line");
        return Log.get().flush(Harness.LONG) && lines.contains("a line");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHaveALineForAReadyWorkerUnlessThatIsTurnedOff(boolean log) throws Exception {
        LOGGER.addHandler(handler);
        await().until(this::isRead); // the log reads its level from time to time, and another test may have changed it
        try (var it = new Harness(Harness.program(Idle.class.getSimpleName()),
                config -> config.withName("logged").withEventLog(log))) {
            it.awaitReady(1);
            assertTrue(Log.get().flush(Harness.LONG));
        } finally {
            LOGGER.removeHandler(handler);
        }
        assertEquals(log, lines.contains("logged: worker 1 (slot 0) is ready"), lines.toString());
    }
}
