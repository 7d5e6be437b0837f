package dev.corral.master;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Autopsy;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Failure;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import dev.corral.docs.Page;
import dev.corral.thread.Log;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
                "WARNING app: worker 1 (slot 0) exited with code 1: crashed, T: boom, after 0 s"), taken());
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
                "INFO app: worker 1 (slot 0) exited with code 0: replaced, by worker 2, reload to version1, after 0 s",
                "INFO app: reloaded 1 slot in 0 s, now version1"), taken());
    }

    /** The log leaves out repetitions of one line. The ends of different workers are none. */
    @Test
    void shouldLogEachOfManyWorkers() {
        int many = 1000; // more than the kinds of lines that the log tells apart
        for (int i = 0; i < many; i++) {
            bench.forkReady();
        }
        assertEquals(many, taken().size());
    }

    /** One event of each kind; of exits and reloads, one for each level. */
    private List<ClusterEvent> oneOfEach() {
        Worker worker = bench.forkReady();
        Instant now = Instant.EPOCH;
        var autopsy = new Autopsy(Autopsy.Verdict.SPINNING, Duration.ofSeconds(3), Duration.ofSeconds(2),
                List.of("main"), worker.stats());
        Exit crash = exit(worker, new ExitReason.Crashed(new Failure("T", "boom", "T: boom")));
        return List.of(new ClusterEvent.Forked(now, worker), new ClusterEvent.Online(now, worker),
                new ClusterEvent.Listening(now, worker, new InetSocketAddress(8000)),
                new ClusterEvent.Ready(now, worker), new ClusterEvent.HeartbeatMissed(now, worker, 1, Duration.ZERO),
                new ClusterEvent.BecameZombie(now, worker, autopsy),
                new ClusterEvent.Replacing(now, worker, "over its limit of live bytes: 2 MB, allowed are 1 MB", true),
                new ClusterEvent.Replacing(now, worker, "on request", false),
                new ClusterEvent.Disconnected(now, worker), new ClusterEvent.Exited(now, worker, crash),
                new ClusterEvent.Exited(now, worker, exit(worker, new ExitReason.OnRequest())),
                new ClusterEvent.GaveUp(now, 0, 10, Duration.ofMinutes(2), crash),
                new ClusterEvent.Reloaded(now, new ReloadResult.Completed(2, "f", Duration.ofSeconds(1))),
                new ClusterEvent.Reloaded(now, new ReloadResult.Aborted(0, "why", Optional.empty())),
                new ClusterEvent.LoaderLeaked(now, worker, "static App.X"));
    }

    private static Exit exit(Worker worker, ExitReason reason) {
        return new Exit(worker.id(), worker.slot(), 1, reason, Duration.ofSeconds(1), worker.stats(), List.of(),
                List.of(), List.of());
    }

    @Test
    void shouldLogWhatTheReferenceLists() {
        List<ClusterEvent> events = oneOfEach();
        assertEquals(Set.of(ClusterEvent.class.getPermittedSubclasses()),
                events.stream().map(Object::getClass).collect(Collectors.toSet()));
        taken();
        Map<String, String> levels = new TreeMap<>();
        for (ClusterEvent event : events) {
            new EventLog("app").accept(event);
            for (String line : taken()) {
                String row = rowOf(line.substring(line.indexOf(' ') + 1));
                levels.merge(row, line.substring(0, line.indexOf(' ')).replace("SEVERE", "ERROR"),
                        (one, other) -> Stream.of(one, other).sorted().collect(Collectors.joining(", ")));
            }
        }
        Map<String, String> listed = new TreeMap<>();
        rows().forEach((row, cells) -> listed.put(row, cells.getFirst()));
        assertEquals(listed, levels);
    }

    private static Map<String, List<String>> rows() {
        return Page.of("runtime/docs/reference.md").table("### Events of a cluster");
    }

    private static String rowOf(String line) {
        List<String> found = rows().keySet().stream().filter(row -> Stream.of(row.replace("`", "").split("\\.\\.\\."))
                .allMatch(line::contains)).toList();
        assertEquals(1, found.size(), line);
        return found.getFirst();
    }
}
