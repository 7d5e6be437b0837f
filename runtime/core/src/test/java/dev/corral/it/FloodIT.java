package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.HeartbeatPolicy;
import dev.corral.RestartPolicy;
import dev.corral.testing.Harness;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers that start threads without end. */
@Tag("c2")
class FloodIT {
    private static Harness open(String how) {
        return new Harness(Harness.program("Flooding", how), config -> config.withRestart(RestartPolicy.NEVER)
                .withHeartbeat(HeartbeatPolicy.OFF).withMaxThreads(200, 10_000));
    }

    @ParameterizedTest
    @CsvSource({"virtual,virtual", "insisting,virtual", "handler,virtual", "executor,virtual", "platform,platform",
            "pool,platform"})
    void shouldKillAWorkerThatStartsThreadsWithoutEnd(String how, String kind) {
        try (var it = open(how)) {
            Exit exit = it.awaitExit(1);
            if (exit.reason() instanceof ExitReason.Crashed(var failure)) { // of the thread that was refused
                assertEquals("virtual", kind);
                assertTrue(failure.toString().contains("may have no more"), failure::toString);
                return;
            }
            var reason = assertInstanceOf(ExitReason.OverThreads.class, exit.reason(), exit::toString);
            assertEquals(kind, reason.kind());
            assertTrue(reason.threads() >= reason.limit() * 0.9, reason::toString);
            assertEquals(137, exit.code());
            assertEquals(List.of(), exit.abandonedThreads());
        }
    }

    @Test
    void shouldForgiveARush() {
        try (var it = open("rush")) {
            it.awaitLine(1, "it#1 has 10000 virtual threads, and may have no more (withMaxThreads)");
            it.awaitLine(1, "recovered");
            assertEquals(List.of(), it.exits());
        }
    }
}
