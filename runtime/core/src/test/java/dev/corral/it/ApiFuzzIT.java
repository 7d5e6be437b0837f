package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.Balancer;
import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.HeartbeatPolicy;
import dev.corral.MemoryPolicy;
import dev.corral.Message;
import dev.corral.OutputSink;
import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.testing.Harness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import programs.Fuzz;
import programs.FuzzedContext;
import programs.Idle;

/** Null and extreme values in each method of the API. */
@Timeout(300)
class ApiFuzzIT {
    private static Program idle() {
        return Harness.program(Idle.class.getSimpleName());
    }

    private static Map<Class<?>, Object> samples() {
        Map<Class<?>, Object> samples = new HashMap<>(FuzzedContext.samples());
        samples.put(Path.class, Harness.testClasses());
        samples.put(List.class, List.of(Harness.testClasses()));
        samples.put(Set.class, Set.of());
        samples.put(Consumer.class, (Consumer<Object>) _ -> {});
        samples.put(Supplier.class, (Supplier<Balancer>) Balancer::roundRobin);
        samples.put(UnaryOperator.class, UnaryOperator.identity());
        samples.put(OutputSink.class, (OutputSink) (_, _, _) -> {});
        samples.put(OptionalLong.class, OptionalLong.empty());
        samples.put(RestartPolicy.class, RestartPolicy.DEFAULT);
        samples.put(RestartPolicy.When.class, RestartPolicy.When.ALWAYS);
        samples.put(Backoff.class, Backoff.DEFAULT);
        samples.put(HeartbeatPolicy.class, HeartbeatPolicy.DEFAULT);
        samples.put(MemoryPolicy.class, MemoryPolicy.DEFAULT);
        samples.put(StopPolicy.class, StopPolicy.DEFAULT);
        samples.put(ReloadPolicy.class, ReloadPolicy.DEFAULT);
        samples.put(Program.class, idle());
        samples.put(Capability[].class, new Capability[0]);
        samples.put(Integer[].class, new Integer[0]);
        samples.put(String[].class, new String[0]);
        samples.put(byte[].class, new byte[0]);
        return samples;
    }

    private static void assertStrict(Fuzz fuzz, int leastCalls) {
        assertEquals(List.of(), fuzz.faults());
        assertTrue(fuzz.calls() >= leastCalls, "only " + fuzz.calls() + " calls");
    }

    @Test
    void shouldRefuseOrExplainInPoliciesAndPrograms() {
        var fuzz = new Fuzz(samples());
        for (Object policy : List.of(RestartPolicy.DEFAULT, Backoff.DEFAULT, HeartbeatPolicy.DEFAULT,
                MemoryPolicy.DEFAULT, StopPolicy.DEFAULT, ReloadPolicy.DEFAULT)) {
            fuzz.constructors(policy.getClass()).methods(policy.getClass(), policy);
        }
        fuzz.methods(Program.class, idle()).methods(Message.class, null).methods(Balancer.class, null)
                .methods(Message.Transfer.class, null);
        assertStrict(fuzz, 100);
    }

    @Test
    void shouldRefuseOrExplainInConfigurations() {
        var fuzz = new Fuzz(samples());
        var config = new AtomicReference<ClusterConfig>();
        try (var _ = new Harness(idle(), each -> {
            config.set(each);
            return each.withWorkers(0);
        })) {
            fuzz.methods(ClusterConfig.class, config.get());
        }
        assertStrict(fuzz, 35);
    }

    @Test
    void shouldRefuseOrExplainInClustersAndWorkers() throws Exception {
        var fuzz = new Fuzz(samples());
        try (var it = new Harness(idle(), config -> config)) {
            it.awaitReady(1);
            fuzz.methods(Worker.class, it.worker(1)).methods(Cluster.class, it.cluster);
        }
        assertStrict(fuzz, 40);
    }

    @Test
    void shouldRefuseOrExplainInsideAWorker() {
        try (var it = new Harness(Harness.program(FuzzedContext.class.getSimpleName()), config -> config)) {
            String last = it.awaitLine(1, line -> line.startsWith("calls "));
            assertEquals(List.of(last), it.linesOf(1));
            assertTrue(Integer.parseInt(last.substring("calls ".length())) >= 20, last);
        }
    }

    /** Sums of deadlines are times, which must not overflow. */
    @Test
    void shouldOpenAndCloseWithTheLongestDeadlines() throws Exception {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        try (var it = new Harness(idle(),
                config -> config.withStop(new StopPolicy(longest, longest, longest))
                        .withReload(new ReloadPolicy(1, longest, longest))
                        .withHeartbeat(HeartbeatPolicy.DEFAULT.withStartDeadline(longest).withNotServing(longest))
                        .withMemory(MemoryPolicy.DEFAULT.withPeriod(longest))
                        .withRestart(new RestartPolicy(RestartPolicy.When.ALWAYS, Set.of(),
                                new Backoff(false, longest, 1, longest, 1, longest), Integer.MAX_VALUE, longest)))) {
            assertTrue(it.cluster.awaitReady(1, longest));
            it.worker(1).kill();
            it.awaitExit(1);
        }
    }
}
