package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterConfig;
import dev.corral.RestartPolicy;
import dev.corral.TestConfig;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RehearsalIT {
    @Test
    void shouldPlayItToTheEndAndTellNobody() {
        List<Object> told = new CopyOnWriteArrayList<>();
        ClusterConfig config = TestConfig.of(new Bench.NoProgram(0)).withListener(told::add)
                .withOutput((worker, _, line) -> told.add(worker + ": " + line))
                .withRestart(new RestartPolicy(RestartPolicy.When.NEVER, RestartPolicy.DEFAULT.stopCodes(),
                        RestartPolicy.DEFAULT.backoff(), 1, RestartPolicy.DEFAULT.within()))
                .withReadySignal(true);
        var rehearsal = new Rehearsal(config);
        rehearsal.play();
        assertTrue(rehearsal.master().stats().restarts() >= 4, rehearsal.master().stats().toString());
        assertEquals(List.of(), rehearsal.master().workers());
        assertEquals(0, rehearsal.master().stats().abandonedThreads());
        assertEquals(List.of(), told);
    }
}
