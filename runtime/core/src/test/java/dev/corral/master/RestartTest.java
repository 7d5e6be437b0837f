package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Restarts of a slot: when they happen, how long they wait, and when the master gives up. */
class RestartTest extends MasterFixture {
    @Test
    void shouldRestartACrashedWorkerAtOnceInItsSlotWithItsVariables() {
        var own = new Bench(config -> config.withEnv(Map.of("A", "1", "B", "1")));
        Worker worker = own.master.fork(Map.of("B", "2"));
        own.turn();
        own.of(worker).ready();
        own.of(worker).crash();
        own.turn();
        assertEquals(List.of("forked 1", "online 1", "listening 1", "ready 1", "disconnected 1",
                "exited 1 1 crashed, T: boom",
                "forked 2"), own.takeEvents());
        assertEquals(0, own.last().worker.slot());
        assertEquals(Map.of("A", "1", "B", "2"), own.last().env);
        assertEquals(1, own.master.stats().restarts());
    }

    @Test
    void shouldWaitForTheBackOffBetweenRestartsToTheNanosecond() {
        bench.forkReady();
        bench.last().crash();
        bench.turn();
        assertEquals(2, bench.last().worker.id());
        bench.last().crash();
        bench.turn();
        assertTrue(bench.master.slot(0).isEmpty());
        bench.advance(Duration.ofMillis(100).minusNanos(1));
        assertEquals(2, bench.last().worker.id());
        bench.advance(Duration.ofNanos(1));
        assertEquals(3, bench.last().worker.id());
    }

    /** Tests the backoff, the intensity and the reported reason for a program that throws at its start. */
    @Test
    void shouldGiveUpOnAProgramThatThrowsAtOnceAndSayWhy() throws Exception {
        bench.fork();
        Duration passed = Duration.ZERO;
        while (bench.master.stats().gaveUp() == 0) {
            if (bench.master.slot(0).isPresent()) {
                bench.last().crash();
                bench.turn();
            } else {
                bench.advance(Duration.ofMillis(100));
                passed = passed.plusMillis(100);
            }
        }
        assertEquals(11, bench.incarnations.all.size());
        assertEquals(40_500, passed.toMillis());
        List<String> events = bench.takeEvents();
        assertEquals(List.of("exited 11 1 crashed, T: boom", "gave up 0 after 10"), events.subList(events.size() - 2,
                events.size()));
        assertEquals(1, bench.master.stats().slots());
        assertFalse(bench.master.stats().isLive());
        assertFalse(bench.master.awaitClosed());
        assertFalse(bench.master.awaitReady(1, Duration.ofDays(1)));
    }

    /** One of four workers crashes every 100 ms for a minute. */
    @Test
    void shouldLeaveTheOtherThreeAloneWhileOneCrashes() {
        var own = new Bench(config -> config.withRestart(AT_ONCE.withIntensity(1000, Duration.ofMinutes(2))));
        for (int i = 0; i < 4; i++) {
            own.forkReady();
        }
        List<Worker> others = own.master.workers().subList(0, 3);
        own.takeEvents();
        for (int i = 0; i < 600; i++) {
            own.advance(Duration.ofMillis(100));
            long id = own.last().worker.id();
            own.last().crash();
            own.turn();
            own.last().ready();
            own.turn();
            assertEquals(List.of("disconnected " + id, "exited " + id + " 1 crashed, T: boom", "forked " + (id + 1),
                    "online " + (id + 1), "listening " + (id + 1), "ready " + (id + 1)), own.takeEvents());
        }
        for (Worker other : others) {
            assertEquals(WorkerState.READY, other.state());
            assertEquals(List.of("start", "watch", "admit true"), own.of(other).verbs);
        }
        assertEquals(600, own.master.stats().restarts());
    }

    @Test
    void shouldRestartAfterAKill() throws Exception {
        Worker worker = bench.forkReady();
        CompletableFuture<Exit> exit = worker.kill();
        bench.turn();
        assertEquals(WorkerState.KILLING, worker.state());
        assertEquals("kill", bench.of(worker).verbs.getLast());
        bench.of(worker).ended();
        bench.turn();
        assertInstanceOf(ExitReason.Killed.class, exit.get().reason());
        assertEquals(137, exit.get().code());
        assertFalse(exit.get().reason().voluntary());
        assertEquals(2, bench.last().worker.id());
    }

    /** A crash loop cannot delay a stop. */
    @Test
    void shouldCloseDuringBackOffWithoutWaitingForIt() {
        bench.fork();
        bench.last().crash();
        bench.turn();
        bench.last().crash();
        bench.turn();
        CompletableFuture<Void> done = bench.master.disconnect();
        bench.turn();
        assertTrue(done.isDone());
        assertEquals(0, bench.master.stats().slots());
        bench.advance(Duration.ofHours(1));
        assertEquals(2, bench.incarnations.all.size());
    }

    @Test
    void shouldGetAStopThroughACrashLoopWithoutDelay() {
        var own = new Bench(config -> config.withRestart(AT_ONCE.withIntensity(1_000_000, SECOND)));
        own.fork();
        for (int i = 0; i < 1000; i++) {
            own.last().crash();
            own.turn();
        }
        own.master.slot(0).orElseThrow().disconnect();
        own.last().crash();
        own.turn();
        own.turn();
        assertEquals(0, own.master.stats().slots());
    }

    @Test
    void shouldReopenASlotThatGaveUpByForking() {
        var own = new Bench(config -> config.withRestart(RestartPolicy.DEFAULT.withIntensity(0, SECOND)));
        own.fork();
        own.last().crash();
        own.turn();
        assertEquals(1, own.master.stats().gaveUp());
        own.master.disconnect();
        own.turn();
        assertEquals(0, own.master.stats().gaveUp());
        assertEquals(0, own.forkReady().slot());
        assertTrue(own.master.stats().isLive());
    }

    @Test
    void shouldLetTheEmbeddingProgramForkAgainUnderNever() {
        var own = new Bench(config -> config.withRestart(RestartPolicy.NEVER));
        Worker worker = own.forkReady();
        own.of(worker).crash();
        own.turn();
        assertEquals(0, own.master.stats().slots());
        assertFalse(own.incarnations.ports.contains("unused"));
        Worker next = own.forkReady();
        assertEquals(2, next.id());
        assertEquals(0, next.slot());
    }

    @Test
    void shouldTreatAnIncarnationThatCannotBeMadeAsACrash() {
        bench.incarnations.refuse = true;
        Worker worker = bench.fork();
        bench.turn();
        assertTrue(bench.takeEvents().containsAll(List.of("forked 1",
                "exited 1 1 crashed, java.lang.IllegalStateException: no more threads")));
        assertEquals(WorkerState.EXITED, worker.state());
        bench.incarnations.refuse = false;
        bench.advance(Duration.ofMillis(500));
        assertTrue(bench.master.slot(0).isPresent());
    }

    /** The restarts are rare enough for the intensity, but eleven workers in a row end before the start deadline. */
    @Test
    void shouldGiveUpAProgramThatNeverOutlivesItsStartDeadline() {
        bench.fork();
        for (int i = 0; i < 10; i++) {
            bench.last().ready();
            bench.advance(Duration.ofSeconds(40));
            bench.last().crash();
            bench.turn();
            assertEquals(0, bench.master.stats().gaveUp());
        }
        bench.advance(Duration.ofSeconds(40));
        bench.last().crash();
        bench.turn();
        assertEquals("gave up 0 after 10", bench.events.getLast());
        assertEquals(1, bench.master.stats().gaveUp());
    }
}
