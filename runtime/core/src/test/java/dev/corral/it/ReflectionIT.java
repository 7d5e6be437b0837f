package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.WorkerState;
import dev.corral.testing.Harness;
import groovy.lang.GroovyShell;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import programs.Reflected;

/**
 * What a program calls by reflection, by method handles or in a dynamic language is its own as if it had called it
 * itself.
 */
class ReflectionIT {
    private static Harness open(int workers, String... args) {
        var program = Program.classPath(List.of(Harness.testClasses(), Harness.jarOf(GroovyShell.class)),
                "programs.Reflected", args);
        return new Harness(program, config -> config.withWorkers(workers).withRestart(RestartPolicy.NEVER));
    }

    private static String seenBy(Harness it, long worker) {
        return it.awaitLine(worker, line -> line.startsWith("sees ")).substring("sees ".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"static", "virtual", "handle-static", "handle-virtual", "handle-unreflect", "handle-bound",
            "handle-in-lambda", "by-handle", "groovy", "groovy-name", "groovy-closure", "groovy-method"})
    void shouldEndOnlyTheWorkerThatExits(String how) {
        try (var other = Harness.probe("wait"); var it = open(1, "exit", how)) {
            other.awaitLine(1, "waiting");
            assertEquals(new ExitReason.Completed(7), it.awaitExit(1).reason());
            assertEquals(List.of(), it.linesOf(1));
            assertEquals(WorkerState.ONLINE, other.worker(1).state());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoke", "handle", "unreflect", "groovy"})
    void shouldKeepWhatIsSetToTheWorker(String how) throws Throwable {
        String before = Reflected.defaults(how, false);
        String set = "mine Asia/Kathmandu tr_TR \u0131 1 1,5";
        assertNotEquals(set, before);
        try (var it = open(0, "defaults", how)) {
            it.cluster.fork();
            assertEquals(set, seenBy(it, 1));
            it.cluster.fork();
            assertEquals(before, seenBy(it, 2));
            assertEquals(before, Reflected.defaults(how, false));
            assertEquals(before, "null " + TimeZone.getDefault().getID() + " " + Locale.getDefault() + " i 1 1.5");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoke", "handle", "unreflect", "by-handle", "class", "groovy"})
    void shouldShareThePortOfAServerThatIsMadeSo(String how) throws Exception {
        int port = Harness.freePort();
        try (var it = open(2, "serve", how, Integer.toString(port))) {
            it.awaitReady(2);
            Set<String> answers = new HashSet<>();
            await().ignoreException(IOException.class).until(() -> {
                answers.add(Harness.get(port, "/"));
                return answers.equals(Set.of("1", "2"));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoke", "handle", "unreflect", "by-handle", "groovy"})
    void shouldTieThreadsAndFuturesToTheirWorker(String how) {
        try (var it = open(2, "made", how)) {
            assertEquals("it#1 it#1 it#1 it#1  true", seenBy(it, 1));
            assertEquals("it#2 it#2 it#2 it#2  true", seenBy(it, 2));
        }
    }

    @Test
    void shouldReadTheFieldsOfTheWorker() {
        try (var it = open(1, "fields")) {
            assertEquals("true true true -1 true", seenBy(it, 1));
        }
    }

    @Test
    void shouldLeaveAloneWhoCallsAndWhatDoesNotFit() {
        try (var it = open(1, "unchanged")) {
            assertEquals("secret secret class programs.Reflected NullPointerException IllegalArgumentException "
                    + "IllegalArgumentException IllegalArgumentException NullPointerException "
                    + "by it IllegalArgumentException by it NumberFormatException", seenBy(it, 1));
        }
    }
}
