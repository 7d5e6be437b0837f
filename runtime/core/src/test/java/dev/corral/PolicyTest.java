package dev.corral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTest {
    private static final Duration NEGATIVE = Duration.ofMillis(-1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static ClusterConfig config() {
        return TestConfig.of(Program.main(PolicyTestProgram.class));
    }

    static Stream<Arguments> badValues() {
        return Stream.of(bad("maxRestarts is -1", () -> RestartPolicy.DEFAULT.withIntensity(-1, SECOND)),
                bad("period of the intensity is 0 s", () -> RestartPolicy.DEFAULT.withIntensity(1, Duration.ZERO)),
                bad("base is -1 ms", () -> new Backoff(true, NEGATIVE, 1, SECOND, 0, SECOND)),
                bad("factor is 0.5", () -> new Backoff(true, SECOND, 0.5, SECOND, 0, SECOND)),
                bad("factor is NaN", () -> new Backoff(true, SECOND, Double.NaN, SECOND, 0, SECOND)),
                bad("max is 0 s", () -> new Backoff(true, SECOND, 1, Duration.ZERO, 0, SECOND)),
                bad("jitter is 1.5", () -> new Backoff(true, SECOND, 1, SECOND, 1.5, SECOND)),
                bad("healthy is -1 ms", () -> new Backoff(true, SECOND, 1, SECOND, 0, NEGATIVE)),
                bad("drain deadline is -1 ms", () -> StopPolicy.DEFAULT.withDrain(NEGATIVE)),
                bad("stop deadline is -1 ms", () -> StopPolicy.DEFAULT.withStop(NEGATIVE)),
                bad("kill deadline is -1 ms", () -> StopPolicy.DEFAULT.withKill(NEGATIVE)),
                bad("heartbeat interval is 999999 ns", () -> HeartbeatPolicy.every(Duration.ofNanos(999_999))),
                bad("heartbeat interval is 1 h",
                        () -> HeartbeatPolicy.every(Duration.ofHours(1).plusNanos(1))),
                bad("at most 0 platform threads", () -> config().withMaxThreads(0, 1)),
                bad("at most -1 virtual threads", () -> config().withMaxThreads(1, -1)),
                bad("missed heartbeats is 0", () -> HeartbeatPolicy.DEFAULT.withMissed(0)),
                bad("missed heartbeats is 1001", () -> HeartbeatPolicy.DEFAULT.withMissed(1001)),
                bad("start deadline is 0 s", () -> HeartbeatPolicy.DEFAULT.withStartDeadline(Duration.ZERO)),
                bad("parallel replacements is 0", () -> ReloadPolicy.DEFAULT.withParallel(0)),
                bad("parallel replacements is 65", () -> ReloadPolicy.DEFAULT.withParallel(65)),
                bad("become ready is 0 s", () -> ReloadPolicy.DEFAULT.withReadyWithin(Duration.ZERO)),
                bad("bake time is -1 ms", () -> ReloadPolicy.DEFAULT.withBake(NEGATIVE)),
                bad("workers is -1", () -> config().withWorkers(-1)),
                bad("workers is 10001", () -> config().withWorkers(10_001)),
                bad("carriers is 0", () -> config().withCarriers(0)),
                bad("the capacity of a mailbox is 3", () -> config().withMailbox(3)),
                bad("the capacity of a mailbox is 1", () -> config().withMailbox(1)),
                bad("carriers is 65", () -> config().withCarriers(65)),
                bad("name is blank", () -> config().withName(" ")),
                bad("\"\" cannot be set in the environment", () -> config().withEnv(Map.of("", "x"))),
                bad("\"A=B\" cannot be set in the environment", () -> config().withEnv(Map.of("A=B", "x"))),
                bad("\"A\" cannot be set in the environment", () -> config().withEnv(Map.of("A", "x\0"))),
                unshared("java.util"), unshared("java"), unshared("a/b"), unshared("app.*"), unshared(""),
                unshared("a..b"));
    }

    private static Arguments unshared(String name) {
        return bad("\"" + name + "\" cannot be shared",
                () -> Program.main(PolicyTestProgram.class).withShared(name));
    }

    private static Arguments bad(String valueAndRule, Executable call) {
        return Arguments.of(valueAndRule, Named.of(valueAndRule, call));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void shouldRefuseABadValueWithValueAndRule(String text, Executable call) {
        var e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().contains(text) && e.getMessage().contains("must"), e.getMessage());
    }

    @Test
    void shouldRefuseNull() {
        assertThrows(NullPointerException.class, () -> RestartPolicy.DEFAULT.withBackoff(null));
        assertThrows(NullPointerException.class, () -> config().withListener(null));
        assertThrows(NullPointerException.class, () -> config().withOutput(null));
        assertThrows(NullPointerException.class, () -> config().withStop(null));
    }

    /** The sum of the default deadlines is below the 30 s that Kubernetes waits. */
    @Test
    void shouldStopWithinKubernetesGraceByDefault() {
        StopPolicy policy = StopPolicy.DEFAULT;
        assertTrue(policy.drain().plus(policy.stop()).plus(policy.kill()).toSeconds() < 30);
    }

    @Test
    void shouldChangeCopiesOnly() {
        ClusterConfig config = config();
        ClusterConfig changed = config.withName("a").withWorkers(7).withCarriers(2).withEnv(Map.of("K", "V"))
                .withReadySignal(true).withUncaughtEnds(false).withShutdownHook(false)
                .withRestart(RestartPolicy.NEVER).withHeartbeat(HeartbeatPolicy.OFF).withAsyncStop(false)
                .withStop(StopPolicy.DEFAULT.withDrain(SECOND)).withListener(_ -> {})
                .withRequired(Capability.OWN_SCHEDULER).withReload(ReloadPolicy.DEFAULT.withParallel(3))
                .withMaxThreads(5, 6);
        assertEquals("PolicyTestProgram", config.name());
        assertEquals(Runtime.getRuntime().availableProcessors(), config.workers());
        assertEquals("a", changed.name());
        assertEquals(7, changed.workers());
        assertEquals(2, changed.carriers());
        assertEquals(Map.of("K", "V"), changed.env());
        assertTrue(changed.readySignal() && !changed.uncaughtEnds() && !changed.shutdownHook());
        assertEquals(RestartPolicy.NEVER, changed.restart());
        assertEquals(HeartbeatPolicy.OFF, changed.heartbeat());
        assertEquals(4000, config.maxPlatformThreads());
        assertTrue(config.maxVirtualThreads() >= 10_000);
        assertEquals(5, changed.maxPlatformThreads());
        assertEquals(6, changed.maxVirtualThreads());
        assertTrue(config.asyncStop() && !changed.asyncStop());
        assertEquals(SECOND, changed.stop().drain());
        assertEquals(ReloadPolicy.DEFAULT, config.reload());
        assertEquals(3, changed.reload().parallel());
        assertEquals(1, changed.listeners().size());
        assertEquals(java.util.Set.of(Capability.OWN_SCHEDULER), changed.required());
    }

    /** Not run. */
    public static final class PolicyTestProgram {
        public static void main(String[] args) {}
    }
}
