package dev.corral.master;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterEvent;
import dev.corral.Worker;
import dev.corral.thread.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a program without a listener finds in its log. */
class EventLogTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Logger LOGGER = Logger.getLogger("dev.corral");

    private final Bench bench = new Bench(config -> config);
    /** Written by the log's thread, and read after a flush. */
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().startsWith("app: ")) {
                lines.add(entry.getLevel() + " " + entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** The log reads the level of its logger from time to time only, and a test before this one may have changed it. */
    @BeforeAll
    static void awaitLevel() {
        await().atMost(LONG).until(() -> {
            Log.get().log(System.Logger.Level.INFO, "the level is read after this line");
            return Log.get().flush(LONG) && Log.get().isLoggable(System.Logger.Level.INFO);
        });
    }

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
        var _ = bench.master.on(ClusterEvent.class, new EventLog("app"));
    }

    @AfterEach
    void stopListening() {
        LOGGER.removeHandler(handler);
    }

    private List<String> taken() {
        assertTrue(Log.get().flush(LONG));
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Test
    void shouldLogWhoIsReadyAndWhoCrashedAndWhy() {
        Worker worker = bench.forkReady();
        bench.of(worker).crash();
        bench.turn();
        assertEquals(List.of("INFO app: worker 1 (slot 0) is ready",
                "WARNING app: worker 1 (slot 0) failed with code 1: crashed, T: boom, after 0 ms"), taken());
    }

    @Test
    void shouldLogAReloadAndTheWorkersThatItReplaced() {
        Worker old = bench.forkReady();
        var reload = bench.master.reload(new Bench.NoProgram(1));
        bench.turn();
        bench.last().ready();
        bench.turn();
        bench.of(old).ended();
        bench.turn();
        assertTrue(reload.isDone());
        assertEquals(List.of("INFO app: worker 1 (slot 0) is ready", "INFO app: worker 2 (slot 0) is ready",
                "INFO app: worker 1 (slot 0) ended with code 0: replaced, by worker 2, reload to version1, after 0 ms",
                "INFO app: reloaded 1 slots in 0 ms, now version1"), taken());
    }

    /** The log leaves out repetitions of one line. The ends of different workers are none. */
    @Test
    void shouldLogEachOfManyWorkers() {
        int many = 20;
        for (int i = 0; i < many; i++) {
            bench.forkReady();
        }
        assertEquals(many, taken().size());
    }
}
