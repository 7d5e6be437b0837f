package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Program;
import dev.corral.StopPolicy;
import dev.corral.samples.Hello;
import dev.corral.testing.ClosedLoop.Load;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import dev.corral.testing.Reloads.FewestReady;
import dev.corral.testing.Reloads;
import dev.corral.testing.Soak;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import programs.Unhurried;

/**
 * All workers are replaced, again and again, while clients ask without a pause: no request fails, and at least as many
 * workers as there should be are ready all the time. {@code corral.reloads} is the number of reloads.
 */
class ReloadUnderLoadIT {
    private static final int WORKERS = 4;
    private static final int CLIENTS = 64;
    private static final int WARM_UP_RELOADS = 3;
    private static final int RELOADS = Soak.number("corral.reloads", 1, 20);

    /** More than a reload takes on a busy machine, and less than clients go on. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final int port = Harness.freePort();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLoseNoRequest(boolean keepAlive) throws Exception {
        assertLosesNothing(Hello.class, keepAlive);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLoseNoRequestThatTakesItsTime(boolean keepAlive) throws Exception {
        assertLosesNothing(Unhurried.class, keepAlive);
    }

    private void assertLosesNothing(Class<?> main, boolean keepAlive) throws Exception {
        var balancer = new FewestReady();
        var program = Program.classPath(List.of(Harness.jarOf(main)), main.getName(), Integer.toString(port));
        try (var it = new Harness(program, config -> config.withWorkers(WORKERS).withBalancer(() -> balancer)
                .withStop(StopPolicy.DEFAULT.withDrain(DRAIN)))) {
            it.awaitReady(WORKERS);
            balancer.watch(it.cluster);
            Reloads reloads = Reloads.under(new Load(port, "/", CLIENTS, keepAlive), it, RELOADS);
            String report = reloads.report(main.getSimpleName() + (keepAlive ? ", keep-alive" : ", new connections"));
            System.out.println(report);

            assertEquals(0, reloads.load().failures().size(), report);
            assertEquals(WORKERS, balancer.fewest(), report);
            assertTrue(reloads.took().stream().allMatch(took -> took.compareTo(DRAIN) < 0),
                    "clients that never rest have held up a drain: " + report);
        }
    }

    /** Connections that move are the ones that could leave descriptors behind: clients keep theirs all the time. */
    @Test
    void shouldLeaveNothingBehind() throws Exception {
        var program =
                Program.classPath(List.of(Harness.jarOf(Hello.class)), Hello.class.getName(), Integer.toString(port));
        long loaders = WORKERS + Footprint.loadersOfOthers();
        try (var it = new Harness(program, config -> config.withWorkers(WORKERS)
                .withStop(StopPolicy.DEFAULT.withDrain(DRAIN)))) {
            it.awaitReady(WORKERS);
            var load = new Load(port, "/", CLIENTS, true);
            assertEquals(0, Reloads.under(load, it, WARM_UP_RELOADS).load().failures().size());
            Footprint before = Footprint.of(it, loaders);
            Reloads reloads = Reloads.under(load, it, RELOADS);
            String report = reloads.report("Hello, left behind");
            Footprint after = Footprint.of(it, loaders);
            System.out.println(report + "\n" + before + "\n" + after);

            assertEquals(0, reloads.load().failures().size(), report);
            assertTrue(after.descriptors() - before.descriptors() < WORKERS, before + " became " + after);
            assertTrue(after.threads() - before.threads() < 2 * WORKERS, before + " became " + after);
            assertTrue(after.metaspaceKib() < 1.2 * before.metaspaceKib(), before + " became " + after);
        }
    }
}
