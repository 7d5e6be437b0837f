package dev.corral.it;

import static dev.corral.it.ServerProgram.LOGBACK;
import static dev.corral.it.ServerProgram.NETTY;
import static dev.corral.it.ServerProgram.TOMCAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Exit;
import dev.corral.Worker;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Single workers are replaced, one after another, while clients ask: no request fails, and nothing of those who went
 * stays. {@code corral.restarts} is the number of restarts.
 */
class RestartsIT {
    private static final int WORKERS = 4;
    private static final int WARM_UP = 2;
    private static final Set<ServerProgram> PROGRAMS =
            ServerProgram.wanted(EnumSet.of(NETTY, TOMCAT, LOGBACK), EnumSet.allOf(ServerProgram.class));
    /** A replacement that is not ready within 30 s is given up; on a machine with other work that may happen. */
    private static final int ATTEMPTS = 5;

    /**
     * Growth that is none: a server has more or fewer threads and selectors by chance, and the JIT keeps profiles of
     * what ran longer.
     */
    private static final int THREADS_MORE = 8;
    private static final int DESCRIPTORS_MORE = 12;
    private static final double METASPACE_TIMES = 1.1;
    private static final Duration SETTLING = Duration.ofMinutes(1);
    private static final long LOOK_MILLIS = 500;

    private static Set<ServerProgram> programs() {
        return PROGRAMS;
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldLoseNoRequestAndKeepNothingOfThoseWhoWent(ServerProgram program) throws Exception {
        int restarts = Soak.number("corral.restarts", 2, 100);
        int port = Harness.freePort();
        try (var it = Programs.fourCopiesOf(program, port, config -> config)) {
            SteadyLoad.Result first = replaceUnderLoad(it, port, Math.max(WARM_UP, restarts / 10));
            Footprint before = Footprint.of(it, WORKERS);
            SteadyLoad.Result load = replaceUnderLoad(it, port, restarts).plus(first);
            Footprint after = settled(it, before);
            String row = row(program, restarts, load, before, after);
            System.out.println(row);

            assertEquals(List.of(), load.failures(), row);
            assertEquals(load.sent(), load.answered(), row);
            assertEquals(WORKERS, after.loaders(), row);
            assertEquals(0, it.cluster.stats().leakedLoaders(), row);
            assertTrue(after.metaspaceKib() <= before.metaspaceKib() * METASPACE_TIMES, row);
            assertTrue(after.threads() <= before.threads() + THREADS_MORE, row);
            assertTrue(after.descriptors() <= before.descriptors() + DESCRIPTORS_MORE, row);
        }
        Programs.awaitCollection();
    }

    /**
     * As soon as threads that a burst of requests needed have gone, some seconds after it; or what there is after a
     * minute.
     */
    private static Footprint settled(Harness it, Footprint before) throws Exception {
        long end = System.nanoTime() + SETTLING.toNanos();
        while (true) {
            Footprint now = Footprint.of(it, WORKERS);
            boolean isSettled = now.threads() <= before.threads() + THREADS_MORE
                    && now.descriptors() <= before.descriptors() + DESCRIPTORS_MORE;
            if (isSettled || System.nanoTime() - end >= 0) {
                return now;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** As the README's table has it. */
    private static String row(ServerProgram program, int restarts, SteadyLoad.Result load, Footprint before,
            Footprint after) {
        return "| %s | %d | %,d | %d | %d | %d | %,d %+,d | %d %+d | %d %+d |".formatted(program, restarts, load.sent(),
                load.failures().size(), load.askedAgain(), after.loaders() - WORKERS, before.metaspaceKib(),
                after.metaspaceKib() - before.metaspaceKib(), before.threads(), after.threads() - before.threads(),
                before.descriptors(), after.descriptors() - before.descriptors());
    }

    /** Each slot in turn, as many times as there are restarts. */
    private static SteadyLoad.Result replaceUnderLoad(Harness it, int port, int restarts) throws Exception {
        try (var load = new SteadyLoad(port)) {
            for (int i = 0; i < restarts; i++) {
                Exit exit = replace(it, i % WORKERS, ATTEMPTS).onExit().get();
                assertEquals(0, exit.code(), exit.toString());
                assertEquals(List.of(), exit.abandonedThreads());
            }
            return load.stop();
        }
    }

    /** The one that was replaced. */
    private static Worker replace(Harness it, int slot, int attempts) throws Exception {
        Worker old = it.cluster.slot(slot).orElseThrow();
        try {
            old.replace().get();
            return old;
        } catch (ExecutionException e) {
            if (attempts == 1) {
                throw e;
            }
            return replace(it, slot, attempts - 1);
        }
    }
}
