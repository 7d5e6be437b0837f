package dev.corral.it;

import dev.corral.WorkerKilled;
import dev.corral.testing.Harness;
import java.util.concurrent.CopyOnWriteArrayList;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Cluster;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.WorkerContext;
import dev.corral.WorkerState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import programs.Crossed;
import programs.common.Kept;

/** What one worker does, the other one and the embedding program see nothing of. */
class IsolationIT {
    private static Harness never(String what, String... more) {
        return Harness.probe(config -> config.withRestart(RestartPolicy.NEVER), what, more);
    }

    @Test
    void shouldGiveEachWorkerItsOwnStaticsPropertiesAndHandlers() {
        var handler = Thread.getDefaultUncaughtExceptionHandler();
        assertNull(System.getProperty("probe"));
        try (var it = Harness.probe(config -> config.withWorkers(2), "statics")) {
            it.awaitLine(1, "counter 1 before none now set by 1");
            it.awaitLine(2, "counter 1 before none now set by 2");
            assertNull(System.getProperty("probe"));
        }
        assertEquals(handler, Thread.getDefaultUncaughtExceptionHandler());
    }

    /**
     * A platform thread that a virtual one has made is in no group of its worker; when it is ended, that is nobody's
     * business.
     */
    @Test
    void shouldTellNobodyThatAThreadWasEndedWithItsWorker() {
        var before = Thread.getDefaultUncaughtExceptionHandler();
        List<Throwable> told = new CopyOnWriteArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> told.add(thrown));
        try (var it = Harness.probe("statics")) {
            it.awaitLine(1, "counter 1 before none now set by 1");
            var failure = new IllegalStateException("made up");
            var handler = Thread.getDefaultUncaughtExceptionHandler();
            handler.uncaughtException(Thread.currentThread(), new WorkerKilled("it#1"));
            handler.uncaughtException(Thread.currentThread(), failure);
            assertEquals(List.of(failure), told);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void shouldTellAWorkerWhoItIs() {
        try (var it = Harness.probe(config -> config.withWorkers(0).withEnv(Map.of("OWN", "all")), "identity")) {
            it.cluster.fork();
            it.cluster.fork(Map.of("OWN", "mine", "CORRAL_ID", "77"));
            it.awaitLine(1, "id 1 slot 0 name it own all all all path true");
            it.awaitLine(2, "id 2 slot 1 name it own mine all mine path true");
            assertNull(System.getenv("CORRAL_ID"));
            assertTrue(Cluster.isMaster());
            assertTrue(WorkerContext.find().isEmpty());
        }
    }

    @Test
    void shouldPassTheArguments() {
        try (var it = never("args", "a b", "", "c")) {
            it.awaitLine(1, "[args, a b, , c]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "exit-in-pool", "exit-through-catch", "exit-in-virtual", "exit-in-common-pool",
            "exit-in-forked-task",
            "exit-in-uncaught-handler"})
    void shouldEndOnlyTheWorkerThatExits(String how) throws Exception {
        try (var other = Harness.probe("wait"); var it = never(how, "3")) {
            other.awaitLine(1, "waiting");
            Exit exit = it.awaitExit(1);
            assertEquals(3, exit.code());
            assertEquals(new ExitReason.Completed(3), exit.reason());
            assertEquals(List.of(), exit.abandonedThreads());
            assertEquals(List.of(), it.linesOf(1).stream().filter(line -> line.contains("came back")).toList());
            assertEquals(WorkerState.ONLINE, other.worker(1).state());
        }
    }

    @Test
    void shouldTakeTheCodeOfAHookThatExits() {
        try (var it = never("exit-in-hook")) {
            assertEquals(3, it.awaitExit(1).code());
        }
    }

    @Test
    void shouldNotComeBackFromExitThroughCatchOrFinally() {
        try (var it = never("exit-through-catch")) {
            it.awaitExit(1);
            assertEquals(List.of(), it.linesOf(1));
        }
    }

    @Test
    void shouldForceAHookThatWaitsForTheLockOfWhoExits() {
        var policy = StopPolicy.DEFAULT.withStop(Duration.ofMillis(200));
        try (var it =
                Harness.probe(config -> config.withRestart(RestartPolicy.NEVER).withStop(policy), "exit-locked")) {
            Exit exit = it.awaitExit(1);
            assertEquals(137, exit.code());
        }
    }

    @Test
    void shouldHaltWithoutHooks() {
        try (var it = never("halt")) {
            assertEquals(4, it.awaitExit(1).code());
            assertEquals(List.of(), it.linesOf(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "throw-in-thread", "throw-in-virtual"})
    void shouldEndWithCodeOneOnAnUncaughtException(String how) {
        try (var it = never(how)) {
            Exit exit = it.awaitExit(1);
            assertEquals(1, exit.code());
            var failure = assertInstanceOf(ExitReason.Crashed.class, exit.reason()).failure();
            assertEquals("java.lang.IllegalStateException", failure.type());
            assertEquals("boom", failure.message());
            assertTrue(failure.stackTrace().contains("it#1//programs.Probe"), failure.stackTrace());
            assertTrue(exit.output().stream().anyMatch(line -> line.startsWith("Exception in thread ")),
                    exit.toString());
        }
    }

    @Test
    void shouldSayTheCureWhereAnObjectCrossedBetweenLoaders() {
        Kept.OBJECTS.add(new Crossed());
        try (var it = new Harness(Harness.program("Probe", "cast").withShared("programs.common"),
                config -> config.withRestart(RestartPolicy.NEVER))) {
            Exit exit = it.awaitExit(1);
            var failure = assertInstanceOf(ExitReason.Crashed.class, exit.reason()).failure();
            String cure =
                    "The class loaders 'app' and 'it#1' each have their own programs.Crossed, and an object of one came"
                            + " to the other. Let them have it in common: withShared(\"programs\"), or --share programs";
            assertEquals(cure, failure.stackTrace().lines().toList().getLast());
            assertEquals(cure, exit.output().getLast());
        } finally {
            Kept.OBJECTS.clear();
        }
    }

    @Test
    void shouldSurviveAnExceptionThatThrowsWhenLookedAt() {
        try (var it = never("throw-strange")) {
            Exit exit = it.awaitExit(1);
            assertEquals(1, exit.code());
            assertTrue(exit.reason().toString().contains("Strange"), exit.toString());
        }
    }

    @Test
    void shouldOnlyPrintAnUncaughtExceptionIfConfigured() {
        try (var it = Harness.probe(config -> config.withUncaughtEnds(false).withRestart(RestartPolicy.NEVER),
                "throw-in-thread")) {
            await().until(
                    () -> it.lines.stream().anyMatch(line -> line.contains("\"thrower\" java.lang.IllegalState")));
            assertTrue(it.worker(1).state().isLive());
        }
    }

    /** As in Java: the exit code of a program whose main threw is 1, when everything else has ended. */
    @Test
    void shouldCompleteWithOneWhenMainThrewAndUncaughtDoesNotEnd() {
        try (var it =
                Harness.probe(config -> config.withUncaughtEnds(false).withRestart(RestartPolicy.NEVER), "throw")) {
            assertEquals(new ExitReason.Completed(1), it.awaitExit(1).reason());
        }
    }

    @Test
    void shouldLetTheProgramsOwnHandlerTakeExceptions() {
        try (var it = Harness.probe("own-handler")) {
            it.awaitLine(1, "alive");
            assertTrue(it.linesOf(1).containsAll(List.of("platform one", "virtual two")));
            assertTrue(it.worker(1).state().isLive());
        }
    }

    @Test
    void shouldRunHooksWhenTheWorkerStops() throws Exception {
        try (var it = Harness.probe("hooks")) {
            it.awaitLine(1, "hooked");
            Exit exit = it.worker(1).disconnect().get();
            assertEquals(0, exit.code());
            assertTrue(it.linesOf(1).containsAll(List.of("removed true", "hook one", "late: Shutdown in progress")));
            assertFalse(it.linesOf(1).contains("removed hook"));
        }
    }

    @Test
    void shouldForceAWorkerWhoseHookHangs() throws Exception {
        var policy = StopPolicy.DEFAULT.withStop(Duration.ofMillis(100));
        try (var it = Harness.probe(config -> config.withStop(policy), "slow-hook")) {
            it.awaitLine(1, "hooked");
            Exit exit = it.worker(1).disconnect().get();
            assertEquals(137, exit.code());
            assertInstanceOf(ExitReason.OnRequest.class, exit.reason());
            assertEquals(List.of(), exit.abandonedThreads());
            assertTrue(it.linesOf(1).contains("hook begins"));
        }
    }

    @Test
    void shouldRouteAllOutputToTheWorker() {
        PrintStream out = System.out;
        try (var it = never("streams")) {
            it.awaitExit(1);
            assertEquals(List.of("out", "got captured", "tee teed", "no line break"), it.linesOf(1));
            assertTrue(it.lines.containsAll(List.of("1 E err", "1 E java.lang.IllegalStateException: trace")));
            assertTrue(it.lines.stream().anyMatch(line -> line.startsWith("1 E \tat it#1//programs.Probe.streams")));
        }
        assertEquals(out, System.out);
    }

    /** PM2 loses them (Unitech/pm2#4075). */
    @Test
    void shouldLoseNoLineOfAWorkerThatCrashes() {
        try (var it = never("lines-then-throw")) {
            Exit exit = it.awaitExit(1);
            assertEquals(501, it.linesOf(1).size());
            assertEquals("line 499", it.linesOf(1).get(499));
            assertEquals("half a line", it.linesOf(1).get(500));
            assertTrue(it.lines.stream().anyMatch(line -> line.contains("after the lines")));
            assertEquals(200, exit.output().size());
        }
    }

    @Test
    void shouldFindItsOwnCodeAndNothingOfTheMasters() {
        try (var it = never("loaders")) {
            it.awaitLine(1, "done");
            assertEquals(List.of("system true", "context true", "resource true", "name it#1", "master invisible",
                    "api Cluster", "jdk Driver", "forkjoin true", "source true", "class path true", "done"),
                    it.linesOf(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"return", "daemon", "non-daemon"})
    void shouldCompleteWhenNothingKeepsIt(String what) {
        try (var it = never(what)) {
            Exit exit = it.awaitExit(1);
            assertEquals(new ExitReason.Completed(0), exit.reason());
            if (what.equals("non-daemon")) {
                assertEquals(List.of("thread done"), it.linesOf(1));
            }
        }
    }
}
