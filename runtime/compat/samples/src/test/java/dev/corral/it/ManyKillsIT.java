package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.samples.Zombie;
import dev.corral.samples.zombie.Runaway;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import dev.corral.testing.HttpConnection;
import dev.corral.testing.Soak;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Workers that run away are killed one after another, half of them by the watchdog and half by hand, in all ways that
 * leave no thread behind, while clients ask: none of the others fails one request, and nothing of those who went stays.
 *
 * <p>{@code corral.kills} is the number of kills. Longer runs, also with more flags of the JVM:
 *
 * <pre>
 * mvn verify -pl runtime/compat/samples -am -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dit.test=ManyKillsIT -Dfailsafe.failIfNoSpecifiedTests=false -Dcorral.kills=1000
 * ... -Dcorral.kills=200 -Dcorral.jvm=-Xcheck:jni
 * ... -Dcorral.kills=200 -Dcorral.jvm=-XX:+UseZGC
 * ... -Dcorral.kills=200 -Dcorral.jvm=-XX:+UseSerialGC
 * </pre>
 */
class ManyKillsIT {
    private static final int WORKERS = 3;
    private static final int KILLS = Soak.number("corral.kills", 10, 300);
    private static final int WARM_UP = Math.max(20, KILLS / 10);
    private static final List<String> THREADS = List.of("server", "pool", "virtual");
    /** What burns no CPU is found only where it keeps the worker from taking connections. */
    private static final Set<Runaway> RESTING = EnumSet.of(Runaway.SLEEP, Runaway.PARK);
    /** All but those whose threads are abandoned, with all that they hold. */
    private static final List<Runaway> KINDS = List.copyOf(
            EnumSet.complementOf(EnumSet.of(Runaway.DEADLOCK, Runaway.CLASS_DEADLOCK, Runaway.FIFO)));

    /** Growth that is none: pools have more or fewer threads by chance, and the JIT keeps what ran longer. */
    private static final int THREADS_MORE = 8;
    private static final int DESCRIPTORS_MORE = 12;
    private static final double METASPACE_TIMES = 1.1;
    private static final long CODE_KIB_MORE = 6 * 1024;

    private final int port = Harness.freePort();
    private final List<Replaced> byWatchdog = new ArrayList<>();
    private final List<Replaced> byHand = new ArrayList<>();
    private long answered;
    private long askedAgain;
    /** Connections that the victims had when they ended: no more can be lost. */
    private long held;
    private int count;

    /** How long that took, and who had run away. */
    private record Replaced(long millis, String who) {}

    @Test
    void shouldKillAgainAndAgainAndNobodyElseShouldNotice() throws Exception {
        System.gc();
        long loaders = WORKERS + Footprint.loadersOfOthers();
        RestartPolicy atOnce = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1000,
                Duration.ofSeconds(1));
        try (var it = new Harness(Program.classPath(List.of(Harness.jarOf(Zombie.class)), Zombie.class.getName(),
                Integer.toString(port)),
                config -> config.withWorkers(WORKERS).withRestart(atOnce)
                        .withStop(StopPolicy.DEFAULT.withKill(Duration.ofSeconds(10)))
                        .withHeartbeat(HeartbeatPolicy.every(Duration.ofMillis(100))
                                .withNotServing(Duration.ofMillis(300))))) {
            it.awaitReady(WORKERS);
            kill(it, WARM_UP);
            Footprint before = Footprint.of(it, loaders);
            byWatchdog.clear();
            byHand.clear();
            kill(it, KILLS);
            Footprint after = Footprint.of(it, loaders);
            String figures = figures(before, after);
            System.out.println(figures);

            assertEquals(WARM_UP + KILLS, it.exits().size(), figures);
            assertTrue(askedAgain <= held, figures);
            assertEquals(0, it.cluster.stats().leakedLoaders(), figures);
            assertTrue(after.loaders() <= loaders, figures);
            assertTrue(after.threads() <= before.threads() + THREADS_MORE, figures);
            assertTrue(after.descriptors() <= before.descriptors() + DESCRIPTORS_MORE, figures);
            assertTrue(after.metaspaceKib() <= before.metaspaceKib() * METASPACE_TIMES, figures);
            assertTrue(after.codeKib() <= before.codeKib() + CODE_KIB_MORE, figures);
        }
    }

    private void kill(Harness it, int times) throws Exception {
        var clients = new Clients(port);
        try (clients) {
            for (int slot = 0; slot < WORKERS; slot++) {
                clients.keepAskingOf(it.cluster.slot(slot).orElseThrow().id());
            }
            for (int i = 0; i < times; i++) {
                killNext(it, clients);
            }
        }
        clients.assertNoneHasFailed();
        answered += clients.answered();
        askedAgain += clients.askedAgain();
    }

    /** The next slot; ways and threads in turn. */
    private void killNext(Harness it, Clients clients) throws Exception {
        Worker victim = it.cluster.slot(count % WORKERS).orElseThrow();
        boolean hand = count % 2 == 1;
        Runaway kind = KINDS.get(count / 2 % KINDS.size());
        String thread = RESTING.contains(kind) ? THREADS.getFirst() : THREADS.get(count / 2 % THREADS.size());
        count++;
        try (HttpConnection asking = clients.takeConnectionTo(victim.id())) {
            Instant start = Instant.now();
            asking.send("/spin?kind=" + kind + "&on=" + thread);
            if (hand) {
                it.awaitLine(victim.id(), "worker " + victim.id() + " runs away: " + kind);
                start = Instant.now();
                var _ = victim.kill();
            }
            Exit exit = it.awaitExit(victim.id());
            ClusterEvent.Ready replaced = replacementOf(it, victim);
            (hand ? byHand : byWatchdog).add(
                    new Replaced(Duration.between(start, replaced.at()).toMillis(), kind + " on " + thread));
            assertEquals(137, exit.code(), exit::toString);
            assertEquals(List.of(), exit.abandonedThreads());
            assertTrue(exit.reason() instanceof ExitReason.Zombie // which a slow hand finds as well
                    || (hand && exit.reason() instanceof ExitReason.Killed), exit::toString);
            held += exit.last().traffic().connections();
            clients.keepAskingOf(replaced.worker().id());
        }
        clients.awaitMoreAnswers();
        assertEquals(count, it.of(ClusterEvent.Exited.class).size(),
                () -> "only who was meant to has ended: " + it.exits());
    }

    private static ClusterEvent.Ready replacementOf(Harness it, Worker gone) {
        return await().until(() -> it.of(ClusterEvent.Ready.class).stream()
                .filter(ready -> ready.worker().slot() == gone.slot() && ready.worker().id() > gone.id()).findAny(),
                Optional::isPresent).orElseThrow();
    }

    private String figures(Footprint before, Footprint after) {
        return ("%d kills, %,d requests answered, %d asked again; by the watchdog %s; by hand %s; loaders %+d; threads %d %+d;"
                + " descriptors %d %+d; metaspace %,d KiB %+,d; code %,d KiB %+,d").formatted(KILLS, answered,
                        askedAgain, percentiles(byWatchdog), percentiles(byHand),
                        after.loaders() - before.loaders(), before.threads(),
                        after.threads() - before.threads(), before.descriptors(),
                        after.descriptors() - before.descriptors(), before.metaspaceKib(),
                        after.metaspaceKib() - before.metaspaceKib(), before.codeKib(),
                        after.codeKib() - before.codeKib());
    }

    private static String percentiles(List<Replaced> all) {
        List<Replaced> sorted = all.stream().sorted(Comparator.comparingLong(Replaced::millis)).toList();
        int n = sorted.size();
        return "replaced after %d ms, p99 %d ms, slowest %s".formatted(sorted.get(n / 2).millis,
                sorted.get(n * 99 / 100).millis, sorted.reversed().stream().limit(3).toList());
    }
}
