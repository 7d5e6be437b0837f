package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that know nothing of Corral, from their jars, four copies each. */
class ProgramsIT {
    private static final int REQUESTS = Soak.number("corral.requests", 4_000, 40_000);
    private static final int CLIENTS = 8;

    @ParameterizedTest
    @EnumSource
    void shouldShareThePortInExactRoundRobinAndEndWithoutATrace(ServerProgram program) throws Exception {
        int port = Harness.freePort();
        try (var it = Programs.fourCopiesOf(program, port, config -> config)) {
            assertEquals(Map.of(1, 25, 2, 25, 3, 25, 4, 25), Client.count(100, () -> Client.ask(port)));

            Map<Integer, Integer> fresh = Load.newConnections(port, CLIENTS, REQUESTS / 4 / CLIENTS);
            int least = fresh.values().stream().min(Integer::compare).orElseThrow();
            int most = fresh.values().stream().max(Integer::compare).orElseThrow();
            assertTrue(fresh.size() == 4 && most - least <= 1, fresh.toString());

            Map<Integer, Integer> kept = Load.keepAlive(port, CLIENTS, REQUESTS / CLIENTS);
            assertEquals(Set.of(1, 2, 3, 4), kept.keySet());
            assertEquals(REQUESTS, kept.values().stream().mapToInt(Integer::intValue).sum());

            Programs.kill(it, 2);
            assertEquals(Map.of(1, 25, 3, 25, 4, 25, 5, 25), Client.count(100, () -> Client.ask(port)));
            Programs.endAllWithoutATrace(it);
        }
    }
}
