package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.testing.Harness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** A worker handles signals for itself: it gets those that are meant for it, and takes none away from the JVM. */
class SignalsIT {
    private static Harness open(int workers, String... args) {
        return new Harness(Harness.program("Signalled", args), config -> config.withWorkers(workers)
                .withRestart(RestartPolicy.NEVER).withStop(StopPolicy.DEFAULT.withStop(Harness.LONG)));
    }

    private static void awaitUp(Harness it, int workers) {
        for (int id = 1; id <= workers; id++) {
            it.awaitLine(id, "up");
        }
    }

    @ParameterizedTest
    @CsvSource({"stops,TERM", "stops,INT", "stops-by-reflection,TERM"})
    void shouldRunTheHandlerOfEachWorkerThatIsAskedToStop(String how, String signal) {
        SignalHandler marker = _ -> {};
        SignalHandler ofJvm = Signal.handle(new Signal(signal), marker);
        // A signal that was ignored when the JVM started, as SIGINT is in the background of a script, stays ignored.
        SignalHandler kept = ofJvm == SignalHandler.SIG_IGN ? ofJvm : marker;
        try (var it = open(2, how, signal)) {
            awaitUp(it, 2);
            it.close();
            for (int id = 1; id <= 2; id++) {
                assertEquals(List.of("hears SIG" + signal + " on SIG" + signal + " handler", "main ends", "hook"),
                        it.linesOf(id).stream().filter(line -> !line.startsWith("before") && !line.equals("up"))
                                .toList());
                assertEquals(0, it.awaitExit(id).code());
            }
            assertSame(kept, Signal.handle(new Signal(signal), marker));
        } finally {
            Signal.handle(new Signal(signal), ofJvm);
        }
    }

    /** As a process that systemd kills. */
    @ParameterizedTest
    @CsvSource({"goes-on,TERM", "ignores,TERM", "ignores,INT"})
    void shouldKillAWorkerThatHandlesTheRequestAndGoesOn(String how, String signal) {
        try (var it = new Harness(Harness.program("Signalled", how, signal), config -> config
                .withStop(StopPolicy.DEFAULT.withStop(Duration.ofMillis(300))))) {
            awaitUp(it, 1);
            it.close();
            assertEquals(137, it.awaitExit(1).code());
            assertEquals(how.equals("goes-on"), it.linesOf(1).contains("hears SIGTERM on SIGTERM handler"));
            assertTrue(!it.linesOf(1).contains("hook"), it.lines.toString());
        }
    }

    @Test
    void shouldEndAsTheJvmWouldWhereAHandlerCallsTheOneBefore() {
        try (var it = open(1, "adds", "TERM")) {
            awaitUp(it, 1);
            it.close();
            assertEquals(143, it.awaitExit(1).code());
            assertTrue(it.linesOf(1).containsAll(List.of("hears SIGTERM on SIGTERM handler", "hook")),
                    it.lines.toString());
        }
    }

    @Test
    void shouldRaiseASignalInItsWorkerOnly() {
        try (var other = open(1, "stops", "TERM"); var it = open(1, "raises", "TERM")) {
            awaitUp(other, 1);
            assertEquals(0, it.awaitExit(1).code());
            assertTrue(it.linesOf(1).contains("hears SIGTERM on SIGTERM handler"), it.lines.toString());
            assertEquals(List.of("before false", "up"), other.linesOf(1));
        }
    }

    /** With the code that a shell shows for a process that the signal ended. */
    @ParameterizedTest
    @CsvSource({"TERM,143,true", "HUP,129,true", "INT,130,true", "USR1,138,false"})
    void shouldEndAWorkerThatRaisesWhatItDoesNotHandle(String signal, int code, boolean hooks) {
        try (var it = open(1, "raises-to-nobody", signal)) {
            var exit = it.awaitExit(1);
            assertEquals(new ExitReason.Completed(code), exit.reason());
            assertEquals(hooks, it.linesOf(1).contains("hook"), it.lines.toString());
        }
    }

    @Test
    void shouldRefuseWhatTheJvmRefuses() {
        try (var it = open(1, "refused", "SEGV")) {
            it.awaitLine(1, "Signal already used by VM or OS: SIGSEGV");
        }
    }

    /** A handler of the embedding program stays, and is alone again afterwards. */
    @Test
    void shouldPassOtherSignalsOnToAllThatHandleThem() {
        int[] heard = new int[1];
        var usr1 = new Signal("USR1");
        SignalHandler own = _ -> heard[0]++;
        SignalHandler before = Signal.handle(usr1, own);
        try (var it = open(2, "goes-on", "USR1")) {
            awaitUp(it, 2);
            Signal.raise(usr1);
            it.awaitLine(1, "hears SIGUSR1 on SIGUSR1 handler");
            it.awaitLine(2, "hears SIGUSR1 on SIGUSR1 handler");
            await().until(() -> heard[0] == 1);
            it.close();
            assertSame(own, Signal.handle(usr1, own));
        } finally {
            Signal.handle(usr1, before);
        }
    }
}
