package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Worker;
import dev.corral.testing.Harness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tomcat wakes the thread that accepts by a connection to its own port. Where that reaches another worker, its stop
 * takes two seconds longer, and the thread logs that its channel was closed.
 */
class StopIT {
    /** What Tomcat waits in vain. */
    private static final Duration IN_VAIN = Duration.ofSeconds(2);

    /** Two workers stop one after the other; then the cluster closes its port, and stops the third one. */
    @ParameterizedTest
    @EnumSource(names = {"TOMCAT", "SPRING"})
    void shouldStopWithoutWaitingInVainAndWithoutComplaint(ServerProgram program) throws Exception {
        try (var it = Programs.copiesOf(program.toString(), 3, Harness.freePort(), config -> config)) {
            Duration fastest = Harness.LONG; // of several, for the machine may be busy
            for (Worker worker : it.cluster.workers().subList(0, 2)) {
                long startNanos = System.nanoTime();
                assertEquals(0, worker.disconnect().get().code());
                var took = Duration.ofNanos(System.nanoTime() - startNanos);
                fastest = took.compareTo(fastest) < 0 ? took : fastest;
            }
            assertTrue(fastest.compareTo(IN_VAIN) < 0, fastest.toString());
            assertEquals(List.of(), complaints(it));

            it.cluster.close();
            assertEquals(List.of(0, 0, 0), it.exits().stream().map(exit -> exit.code()).toList());
            assertEquals(List.of(), complaints(it));
        }
        Programs.awaitCollection();
    }

    private static List<String> complaints(Harness it) {
        return it.lines.stream().filter(line -> line.contains("AsynchronousCloseException")).toList();
    }
}
