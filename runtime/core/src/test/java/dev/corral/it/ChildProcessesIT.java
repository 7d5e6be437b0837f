package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.RestartPolicy;
import dev.corral.testing.Harness;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import programs.StartsChildren;

/** Children of a worker: what they inherit, and what becomes of them at its end. */
class ChildProcessesIT {
    @Test
    void shouldGiveChildrenTheEnvironmentOfTheWorkerAndClosePipesAtItsEnd() throws Exception {
        try (var it = new Harness(Harness.program(StartsChildren.class.getSimpleName()),
                config -> config.withRestart(RestartPolicy.NEVER).withEnv(Map.of("GREETING", "hello")))) {
            assertEquals(3, it.awaitExit(1).code());
            List<String> lines = it.linesOf(1);
            assertEquals(List.of("start: hello by 1", "map: hello", "changed: changed by", "again: changed by",
                    "pipeline: hello by 1", "exec: hello by 1", "exec with variables: given by"),
                    lines.subList(0, lines.size() - 1));
            long left = Long.parseLong(lines.getLast().substring("left: ".length()));
            // cat ends when its input does: nobody has ended it
            assertTrue(ProcessHandle.of(left).isEmpty()
                    || ProcessHandle.of(left).get().onExit().get(60, TimeUnit.SECONDS) != null);
        }
    }
}
