package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that know nothing of Corral, from their jars, several copies each. */
class ProgramsIT {
    private static final int REQUESTS = Soak.number("corral.requests", 1_600, 40_000);
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 25;

    @ParameterizedTest
    @EnumSource
    void shouldShareThePortInExactRoundRobinAndEndWithoutATrace(ServerProgram program) throws Exception {
        int port = Harness.freePort();
        int copies = program.copies();
        Set<Integer> workers = IntStream.rangeClosed(1, copies).boxed().collect(Collectors.toSet());
        try (var it = Programs.copiesOf(program.toString(), copies, port, config -> config)) {
            assertSharedEqually(port, workers);

            Map<Integer, Integer> fresh = Load.newConnections(port, CLIENTS, REQUESTS / 4 / CLIENTS);
            int least = fresh.values().stream().min(Integer::compare).orElseThrow();
            int most = fresh.values().stream().max(Integer::compare).orElseThrow();
            assertTrue(fresh.size() == copies && most - least <= 1, fresh.toString());

            Map<Integer, Integer> kept = Load.keepAlive(port, CLIENTS, REQUESTS / CLIENTS);
            assertEquals(workers, kept.keySet());
            assertEquals(REQUESTS, kept.values().stream().mapToInt(Integer::intValue).sum());

            Programs.kill(it, 2);
            workers.remove(2);
            workers.add(copies + 1);
            assertSharedEqually(port, workers);
            Programs.endAllWithoutATrace(it);
        }
    }

    private static void assertSharedEqually(int port, Set<Integer> workers) throws Exception {
        Map<Integer, Integer> expected = workers.stream().collect(Collectors.toMap(worker -> worker, _ -> ROUNDS));
        assertEquals(expected, Client.count(ROUNDS * workers.size(), () -> Client.ask(port)));
    }
}
