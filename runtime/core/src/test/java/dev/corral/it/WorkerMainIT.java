package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.WorkerState;
import dev.corral.testing.Harness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs written for Corral, and their context. */
class WorkerMainIT {
    private static Harness greeter(String what) {
        var policy = StopPolicy.DEFAULT.withDrain(Duration.ofMillis(300));
        return new Harness(Harness.program("Greeter"), config -> config.withEnv(Map.of("DO", what))
                .withRestart(RestartPolicy.NEVER)
                .withStop(what.equals("drain-for-ever") ? policy : StopPolicy.DEFAULT));
    }

    @Test
    void shouldEnterItOnAVirtualThreadWithItsContext() {
        try (var it = greeter("stay")) {
            it.awaitLine(1, "I am 1 of it in slot 0, virtual true, worker true, same true, stay");
        }
    }

    @Test
    void shouldCompleteWhenItReturns() {
        try (var it = greeter("return")) {
            assertEquals(new ExitReason.Completed(0), it.awaitExit(1).reason());
        }
    }

    @Test
    void shouldCrashWhenItThrows() {
        try (var it = greeter("fail")) {
            var failure = assertInstanceOf(ExitReason.Crashed.class, it.awaitExit(1).reason()).failure();
            assertEquals("java.io.IOException", failure.type());
        }
    }

    @Test
    void shouldBecomeReadyWhenItSaysSo() throws Exception {
        try (var it = greeter("ready")) {
            it.awaitReady(1);
            assertEquals(WorkerState.READY, it.worker(1).state());
            await().until(() -> it.of(ClusterEvent.Ready.class).size() == 1);
        }
    }

    @Test
    void shouldLeaveByItselfVoluntarily() {
        try (var it = greeter("leave")) {
            Exit exit = it.awaitExit(1);
            assertInstanceOf(ExitReason.OnRequest.class, exit.reason());
            assertEquals(0, exit.code());
            assertEquals(0, it.cluster.stats().slots());
        }
    }

    @Test
    void shouldRunDrainActionsThenHooks() throws Exception {
        try (var it = greeter("drain")) {
            it.awaitReady(1);
            assertEquals(0, it.worker(1).disconnect().get().code());
            assertEquals(List.of("last registered, first run", "first registered, last run", "hook after drain"),
                    it.linesOf(1).subList(1, 4));
        }
    }

    @Test
    void shouldStopAtTheDrainDeadline() throws Exception {
        try (var it = greeter("drain-for-ever")) {
            it.awaitReady(1);
            Exit exit = it.worker(1).disconnect().get();
            assertEquals(0, exit.code());
            assertTrue(exit.uptime().toMillis() >= 300);
            assertEquals(List.of(), exit.abandonedThreads());
        }
    }

    @Test
    void shouldTellItItsFigures() {
        try (var it = greeter("stats")) {
            it.awaitLine(1, "slot 0 ONLINE");
        }
    }

    @Test
    void shouldRefuseToOpenAClusterInAWorker() {
        try (var it = greeter("open")) {
            var failure = assertInstanceOf(ExitReason.Crashed.class, it.awaitExit(1).reason()).failure();
            assertTrue(failure.message().contains("a worker opens no cluster"), failure.toString());
        }
    }
}
