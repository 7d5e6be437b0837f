package dev.corral.it;

import static dev.corral.it.ServerProgram.HELIDON;
import static dev.corral.it.ServerProgram.NETTY;
import static dev.corral.it.ServerProgram.QUARKUS;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.ReloadPolicy;
import dev.corral.StopPolicy;
import dev.corral.testing.ClosedLoop.Load;
import dev.corral.testing.Harness;
import dev.corral.testing.Reloads.FewestReady;
import dev.corral.testing.Reloads;
import dev.corral.testing.Soak;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All four copies of a program are replaced, again and again, while clients ask without a pause, first on connections
 * that they keep, then on new ones. {@code corral.reloads} is the number of reloads, {@code corral.clients} the number
 * of clients.
 */
class ReloadUnderLoadIT {
    private static final int WORKERS = 4;
    private static final int CLIENTS = Integer.getInteger("corral.clients", 64);
    private static final int RELOADS = Soak.number("corral.reloads", 1, 5);
    private static final Set<ServerProgram> PROGRAMS =
            ServerProgram.wanted(EnumSet.of(NETTY, HELIDON), EnumSet.range(NETTY, QUARKUS));
    /** More than any answer takes, and less than clients go on. */
    private static final Duration DRAIN = Duration.ofSeconds(5);
    /** A large program takes long to start beside clients that never rest. */
    private static final ReloadPolicy PATIENT = ReloadPolicy.DEFAULT.withReadyWithin(Duration.ofMinutes(5));

    private static Set<ServerProgram> programs() {
        return PROGRAMS;
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldLoseNoRequest(ServerProgram program) throws Exception {
        int port = Harness.freePort();
        var balancer = new FewestReady();
        try (var it =
                Programs.fourCopiesOf(program, port, config -> config.withBalancer(() -> balancer).withReload(PATIENT)
                        .withStop(StopPolicy.DEFAULT.withDrain(DRAIN)))) {
            balancer.watch(it.cluster);
            Reloads kept = Reloads.under(new Load(port, "/", CLIENTS, true), it, RELOADS);
            String keptReport = kept.report(program + ", keep-alive");
            System.out.println(keptReport);
            Reloads fresh = Reloads.under(new Load(port, "/", CLIENTS, false), it, RELOADS);
            String freshReport = fresh.report(program + ", new connections");
            System.out.println(freshReport);

            assertAll(() -> assertEquals(0, kept.load().failures().size(), keptReport),
                    () -> assertEquals(0, fresh.load().failures().size(), freshReport));
            assertEquals(WORKERS, balancer.fewest());
        }
        Programs.awaitCollection();
    }
}
