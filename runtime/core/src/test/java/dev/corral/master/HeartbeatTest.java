package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.corral.Autopsy;
import dev.corral.ExitReason;
import dev.corral.HeartbeatPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the master makes of silence. */
class HeartbeatTest {
    private static final Duration DEADLINE = Duration.ofSeconds(7);

    private final Bench bench = new Bench(
            config -> config.withHeartbeat(HeartbeatPolicy.DEFAULT.withStartDeadline(DEADLINE)));

    static Autopsy autopsy(Worker worker) {
        return new Autopsy(Autopsy.Verdict.SPINNING, Duration.ofSeconds(3), Duration.ofSeconds(2), List.of("main"),
                worker.stats());
    }

    @Test
    void shouldGiveNothingNewToAWorkerThatMissesHeartbeatsUntilItMoves() {
        Worker worker = bench.forkReady();
        bench.takeEvents();
        bench.of(worker).reports.missed(1, Duration.ofSeconds(1));
        bench.of(worker).reports.missed(2, Duration.ofSeconds(2));
        bench.turn();
        assertEquals(List.of("missed 1 1", "missed 1 2"), bench.takeEvents());
        assertEquals("admit false", bench.of(worker).verbs.getLast());
        worker.setWeight(3);
        bench.turn();
        assertEquals("admit false", bench.of(worker).verbs.getLast());
        bench.of(worker).reports.moving();
        bench.turn();
        assertEquals("admit true", bench.of(worker).verbs.getLast());
        assertEquals(WorkerState.READY, worker.state());
        assertEquals(0, bench.master.stats().zombies());
    }

    @Test
    void shouldKillAZombieAndRefillItsSlot() throws Exception {
        Worker worker = bench.forkReady();
        bench.takeEvents();
        Autopsy autopsy = autopsy(worker);
        bench.of(worker).reports.silent(autopsy);
        bench.turn();
        assertEquals(WorkerState.KILLING, worker.state());
        assertEquals("kill", bench.of(worker).verbs.getLast());
        bench.of(worker).ended();
        bench.turn();
        assertEquals(List.of("zombie 1", "disconnected 1",
                "exited 1 137 zombie, SPINNING for 3 s (2 s of CPU), in main", "forked 2"), bench.takeEvents());
        var reason = assertInstanceOf(ExitReason.Zombie.class, worker.onExit().get().reason());
        assertEquals(autopsy, reason.autopsy());
        assertEquals(1, bench.master.stats().zombies());
        assertEquals(2, bench.master.stats().stoppedThreads());
    }

    @Test
    void shouldTakeNoNoticeOfSilenceOnceTheEndHasBegun() {
        Worker worker = bench.forkReady();
        worker.disconnect();
        bench.turn();
        bench.takeEvents();
        bench.of(worker).reports.missed(1, Duration.ofSeconds(1));
        bench.of(worker).reports.silent(autopsy(worker));
        bench.turn();
        assertEquals(List.of(), bench.takeEvents());
        assertEquals(WorkerState.DRAINING, worker.state());
        assertEquals(0, bench.master.stats().zombies());
    }

    @Test
    void shouldWatchAWorkerThatIsNotReadyFromTheStartDeadlineOn() {
        Worker worker = bench.fork();
        bench.advance(DEADLINE.minusNanos(1));
        assertEquals(List.of("start"), bench.of(worker).verbs);
        bench.advance(Duration.ofNanos(1));
        assertEquals(List.of("start", "watch"), bench.of(worker).verbs);
    }

    @Test
    void shouldCondemnAWorkerThatWasToSayThatItIsReady() {
        var own = new Bench(config -> config.withReadySignal(true)
                .withHeartbeat(HeartbeatPolicy.DEFAULT.withStartDeadline(DEADLINE)));
        Worker worker = own.fork();
        own.of(worker).online();
        own.advance(DEADLINE);
        assertEquals(List.of("start", "watch overdue"), own.of(worker).verbs);
    }

    @Test
    void shouldForgetTheStartDeadlineOnceReady() {
        Worker worker = bench.forkReady();
        bench.advance(DEADLINE.multipliedBy(2));
        assertEquals(List.of("start", "watch", "admit true"), bench.of(worker).verbs);
    }

    @Test
    void shouldKeepTheDrainDeadlineWhereTheStartDeadlinePassesMeanwhile() {
        Worker worker = bench.fork();
        bench.advance(DEADLINE.dividedBy(2));
        worker.disconnect();
        bench.turn();
        bench.advance(DEADLINE);
        assertEquals(List.of("start", "drain"), bench.of(worker).verbs);
    }
}
