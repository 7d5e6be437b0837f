package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterConfig;
import dev.corral.RestartPolicy;
import dev.corral.TestConfig;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class FailurePathWarmUpIT {
    @Test
    void shouldPlayItToTheEndAndTellNobody() {
        List<Object> told = new CopyOnWriteArrayList<>();
        ClusterConfig config = TestConfig.of(new Bench.NoProgram(0)).withListener(told::add)
                .withOutput((worker, _, line) -> told.add(worker + ": " + line))
                .withRestart(new RestartPolicy(RestartPolicy.When.NEVER, RestartPolicy.DEFAULT.stopCodes(),
                        RestartPolicy.DEFAULT.backoff(), 1, RestartPolicy.DEFAULT.within()))
                .withReadySignal(true);
        var warmUp = new FailurePathWarmUp(config);
        warmUp.play();
        assertTrue(warmUp.master().stats().restarts() >= 4, warmUp.master().stats().toString());
        assertEquals(List.of(), warmUp.master().workers());
        assertEquals(0, warmUp.master().stats().abandonedThreads());
        assertEquals(List.of(), told);
    }
}
