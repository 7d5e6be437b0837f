package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ExitReason;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reloads that fail: the old code keeps serving, or comes back. */
class ReloadAbortTest extends ReloadFixture {
    @Test
    void shouldGoBackWhenAReplacementCrashesBeforeItIsReady() {
        List<Worker> old = forkReady(bench, 3);
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        bench.last().ready();
        bench.turn();
        Worker first = bench.last(2).worker;
        bench.of(old.getFirst()).ended();
        bench.turn();
        bench.last().crash(); // the second replacement
        bench.turn();
        assertFalse(future.isDone());
        assertEquals(WorkerState.READY, first.state());
        assertEquals(1, replacements(bench));
        bench.last().ready();
        bench.turn();
        assertEquals(WorkerState.DRAINING, first.state());
        bench.of(first).ended();
        bench.turn();
        var aborted = assertInstanceOf(ReloadResult.Aborted.class, future.join());
        assertEquals(1, aborted.slot());
        assertEquals("worker 5 ended: crashed, T: boom, before it was ready", aborted.why());
        assertEquals(5, aborted.exit().orElseThrow().worker());
        assertEquals(Set.of(new Bench.NoProgram(0)), programs(bench));
        assertEquals(3, bench.master.stats().ready());
        assertTrue(bench.events.contains("exited 4 0 replaced, by worker 6, back from version1"),
                bench.events::toString);
    }

    @Test
    void shouldAbortWhenAReplacementIsNotReadyInTime() {
        Worker old = forkReady(bench, 1).getFirst();
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        bench.last().online();
        bench.advance(READY_WITHIN.minusNanos(1));
        assertEquals("start", bench.last().verbs.getLast());
        bench.advance(Duration.ofNanos(1));
        assertEquals("kill", bench.last().verbs.getLast());
        assertFalse(future.isDone());
        bench.last().ended();
        bench.turn();
        var aborted = assertInstanceOf(ReloadResult.Aborted.class, future.join());
        assertEquals("worker 2 was not ready within 30 s", aborted.why());
        assertInstanceOf(ExitReason.Killed.class, aborted.exit().orElseThrow().reason());
        assertEquals(WorkerState.READY, old.state());
        assertEquals(2, bench.incarnations.all.size());
    }

    @Test
    void shouldAbortWhenAReplacementCannotBeMade() {
        forkReady(bench, 1);
        bench.incarnations.refuse = true;
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        var aborted = assertInstanceOf(ReloadResult.Aborted.class, future.join());
        assertEquals(2, aborted.exit().orElseThrow().worker());
        assertEquals(1, bench.master.stats().ready());
    }

    @Test
    void shouldAbortWhenANewWorkerIsKilledWhileOthersAreStillOld() {
        List<Worker> old = forkReady(bench, 2);
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        Worker fresh = bench.last().worker;
        bench.last().ready();
        bench.turn();
        fresh.kill();
        bench.turn();
        endAllThatGo(bench);
        assertEquals(old.get(1), bench.master.slot(1).orElseThrow());
        Worker back = bench.master.slot(0).orElseThrow();
        assertEquals(new Bench.NoProgram(0), back.program());
        endAllThatGo(bench);
        var aborted = assertInstanceOf(ReloadResult.Aborted.class, future.join());
        assertEquals("worker 3 ended: killed", aborted.why());
        assertInstanceOf(ExitReason.Killed.class, aborted.exit().orElseThrow().reason());
        assertEquals(0, bench.master.stats().restarts());
    }

    /** A correct version revives a slot that gave up. A broken version leaves it as it was. */
    @Test
    void shouldReviveASlotThatGaveUpOrLeaveItDown() {
        var own = new Bench(config -> config.withRestart(
                RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1, Duration.ofHours(1))));
        forkReady(own, 2);
        for (int i = 0; i < 2; i++) {
            own.of(own.master.slot(0).orElseThrow()).crash();
            own.turn();
        }
        assertEquals(1, own.master.stats().gaveUp());
        CompletableFuture<ReloadResult> broken = own.master.reload(NEXT);
        own.turn();
        own.last().ready();
        own.turn();
        assertEquals(0, own.master.stats().gaveUp());
        own.last().crash(); // the replacement in slot 1
        own.turn();
        endAllThatGo(own);
        assertInstanceOf(ReloadResult.Aborted.class, broken.join());
        assertEquals(1, own.master.stats().gaveUp());
        assertTrue(own.master.slot(0).isEmpty());
        CompletableFuture<ReloadResult> fixed = own.master.reload(new Bench.NoProgram(2));
        finish(own, fixed);
        assertInstanceOf(ReloadResult.Completed.class, fixed.join());
        assertEquals(0, own.master.stats().gaveUp());
        assertEquals(2, own.master.stats().ready());
        own.of(own.master.slot(0).orElseThrow()).crash(); // the count of faults starts again
        own.turn();
        assertEquals(0, own.master.stats().gaveUp());
    }

    @Test
    void shouldCountTheFaultsOfTheOldCodeFurtherAfterAnAbort() {
        var own = new Bench(config -> config.withRestart(
                RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1, Duration.ofHours(1))));
        forkReady(own, 2);
        own.of(own.master.slot(0).orElseThrow()).crash();
        own.turn();
        own.last().ready();
        own.turn();
        CompletableFuture<ReloadResult> future = own.master.reload(NEXT);
        own.turn();
        own.last().ready();
        own.turn();
        own.last().crash(); // the replacement in slot 1
        own.turn();
        endAllThatGo(own);
        assertInstanceOf(ReloadResult.Aborted.class, future.join());
        own.of(own.master.slot(0).orElseThrow()).crash();
        own.turn();
        assertEquals(1, own.master.stats().gaveUp());
    }

    /** The result contains the exit of a replacement that ends by itself. */
    @Test
    void shouldForceNobodyWhoEndsAlready() {
        forkReady(bench, 1);
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        bench.last().exit(3);
        bench.turn();
        var aborted = assertInstanceOf(ReloadResult.Aborted.class, future.join());
        assertEquals(3, aborted.exit().orElseThrow().code());
        assertEquals(List.of("start", "stop"), bench.last().verbs);
    }

    /**
     * If the old code fails as well, its restart policy applies, and the reload ends when the slot has given up.
     */
    @Test
    void shouldGoByTheRestartPolicyWhereEvenTheOldCodeFails() {
        var own = new Bench(config -> config.withRestart(RestartPolicy.DEFAULT.withIntensity(1, Duration.ofHours(1))
                .withBackoff(Backoff.fixed(Duration.ofSeconds(1)))));
        Worker old = forkReady(own, 2).getFirst();
        CompletableFuture<ReloadResult> future = own.master.reload(NEXT);
        own.turn();
        Worker fresh = own.last().worker;
        own.last().ready();
        own.turn();
        own.of(old).ended();
        own.turn();
        own.last().crash(); // the second replacement
        own.turn();
        own.last().crash(); // the worker with the old code
        own.turn();
        assertEquals(WorkerState.READY, fresh.state());
        assertEquals(0, replacements(own));
        own.advance(Duration.ofSeconds(1));
        own.last().crash(); // the old code fails again
        own.turn();
        assertEquals(WorkerState.DRAINING, fresh.state());
        endAllThatGo(own);
        assertInstanceOf(ReloadResult.Aborted.class, future.join());
        assertEquals(1, own.master.stats().gaveUp());
        assertEquals(Set.of(new Bench.NoProgram(0)), programs(own));
    }
}
