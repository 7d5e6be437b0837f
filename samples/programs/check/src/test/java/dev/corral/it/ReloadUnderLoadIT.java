package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.ReloadPolicy;
import dev.corral.StopPolicy;
import dev.corral.it.ClosedLoop.Load;
import dev.corral.it.Reloads.FewestReady;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All four copies of a program are replaced, again and again, while clients ask without a pause, first on connections that they
 * keep, then on new ones. Once in the build; by hand as often as the system property {@code corral.reloads} says, of the programs
 * that {@code corral.programs} names, with as many clients as {@code corral.clients} says.
 */
class ReloadUnderLoadIT {
    private static final int WORKERS = 4;
    private static final int CLIENTS = Integer.getInteger("corral.clients", 64);
    private static final int RELOADS = Integer.getInteger("corral.reloads", 1);
    private static final List<String> WANTED = List.of(System.getProperty("corral.programs", "").split(","));
    /** More than any answer takes, and less than clients go on. */
    private static final Duration DRAIN = Duration.ofSeconds(5);
    /** A large program takes long to start beside clients that never rest. */
    private static final ReloadPolicy PATIENT = ReloadPolicy.DEFAULT.withReadyWithin(Duration.ofMinutes(5));

    @ParameterizedTest
    @EnumSource(names = {"NETTY", "JETTY", "TOMCAT", "HELIDON", "UNDERTOW", "ROBAHO", "SPRING", "VERTX", "QUARKUS"})
    void shouldLoseNoRequest(ServerProgram program) throws Exception {
        assumeTrue(WANTED.contains("") || WANTED.contains(program.toString()), "not among -Dcorral.programs");
        assumeTrue(program != ServerProgram.SPRING || WANTED.contains(program.toString()),
                "its copies take minutes to start beside clients that never rest: by hand, on a machine with processors to spare");
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
