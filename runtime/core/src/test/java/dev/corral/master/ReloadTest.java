package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reloads that succeed, and what happens to other requests during a reload. */
class ReloadTest extends ReloadFixture {
    @Test
    void shouldReplaceOneSlotAfterAnotherAndTellWhenTheLastOldWorkerHasEnded() {
        List<Worker> old = forkReady(bench, 3);
        Program before = bench.master.program();
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        for (Worker worker : old) {
            assertEquals(1, replacements(bench));
            assertEquals(WorkerState.READY, worker.state());
            assertSame(before, bench.master.program());
            bench.last().ready();
            bench.turn();
            assertEquals(WorkerState.DRAINING, worker.state());
            assertEquals(3, bench.master.stats().ready());
            if (worker != old.getLast()) {
                bench.of(worker).ended();
                bench.turn();
            }
        }
        assertSame(NEXT, bench.master.program());
        assertFalse(future.isDone());
        bench.advance(Duration.ofSeconds(7));
        bench.of(old.getLast()).ended();
        bench.turn();
        assertEquals(new ReloadResult.Completed(3, "version1", Duration.ofSeconds(7)), future.join());
        assertEquals(List.of("replacing 1", "forked 4", "online 4", "listening 4", "ready 4", "disconnected 1",
                "exited 1 0 replaced, by worker 4, reload to version1"), events("1", "4"));
        assertTrue(bench.events.contains(
                "reloaded Completed[replaced=3, fingerprint=version1, took=PT7S]"));
        assertEquals(Set.of(NEXT), programs(bench));
        assertEquals(0, bench.master.stats().restarts());
    }

    @Test
    void shouldReadTheProgramAgainWhenNoneIsGiven() {
        List<Worker> old = forkReady(bench, 1);
        bench.master.reload();
        bench.turn();
        bench.last().ready();
        bench.of(old.getFirst()).ended();
        bench.turn();
        assertEquals("version1", bench.master.program().fingerprint());
    }

    @Test
    void shouldKeepVariablesAndWeightOfASlot() {
        Worker old = bench.master.fork(Map.of("A", "1"));
        bench.turn();
        bench.last().ready();
        old.setWeight(7);
        bench.master.reload(NEXT);
        bench.turn();
        assertEquals(Map.of("A", "1"), bench.last().env);
        assertEquals(7, bench.last().worker.weight());
    }

    @Test
    void shouldLeaveTheFirstReplacementAloneWhileItBakes() {
        var own = new Bench(config -> config
                .withReload(new ReloadPolicy(2, READY_WITHIN, Duration.ofMinutes(1))));
        forkReady(own, 4);
        CompletableFuture<ReloadResult> future = own.master.reload(NEXT);
        own.turn();
        assertEquals(1, replacements(own));
        own.last().ready();
        own.turn();
        endAllThatGo(own);
        own.advance(Duration.ofMinutes(1).minusNanos(1));
        assertEquals(5, own.incarnations.all.size());
        own.advance(Duration.ofNanos(1));
        assertEquals(2, replacements(own));
        own.of(own.master.slot(0).orElseThrow()).crash();
        own.turn();
        endAllThatGo(own);
        assertInstanceOf(ReloadResult.Aborted.class, future.join());
        assertEquals(Set.of(new Bench.NoProgram(0)), programs(own));
    }

    @Test
    void shouldBakeTheOnlyOneAsWell() {
        var own = new Bench(config -> config.withReload(ReloadPolicy.DEFAULT.withBake(Duration.ofMinutes(1))));
        forkReady(own, 1);
        CompletableFuture<ReloadResult> future = own.master.reload(NEXT);
        own.turn();
        own.last().ready();
        own.turn();
        endAllThatGo(own);
        assertFalse(future.isDone());
        own.advance(Duration.ofMinutes(1));
        assertInstanceOf(ReloadResult.Completed.class, future.join());
    }

    @Test
    void shouldMakeAsManyAtOnceAsThePolicySaysAndLetHalfAsManyDrain() {
        var own = new Bench(config -> config.withReload(ReloadPolicy.DEFAULT.withParallel(2)));
        List<Worker> old = forkReady(own, 8);
        own.master.reload(NEXT);
        own.turn();
        assertEquals(2, replacements(own));
        for (int i = 0; i < 4; i++) {
            own.incarnations.all.values().stream().filter(fake -> fake.worker.state() == WorkerState.STARTING)
                    .findFirst().orElseThrow().ready();
            own.turn();
        }
        assertEquals(0, replacements(own));
        assertEquals(4, old.stream().filter(worker -> worker.state() == WorkerState.DRAINING).count());
        own.of(old.getFirst()).ended();
        own.turn();
        assertEquals(1, replacements(own));
    }

    @Test
    void shouldRestartAnOldWorkerThatCrashesMeanwhileWithItsOwnCode() {
        Worker old = forkReady(bench, 1).getFirst();
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        FakeIncarnations.Fake fresh = bench.last();
        bench.of(old).crash();
        bench.turn();
        Worker restarted = bench.master.slot(0).orElseThrow();
        assertEquals(old.program(), restarted.program());
        fresh.ready();
        bench.turn();
        assertSame(fresh.worker, bench.master.slot(0).orElseThrow());
        endAllThatGo(bench);
        assertInstanceOf(ReloadResult.Completed.class, future.join());
        assertEquals(1, bench.master.workers().size());
    }

    @Test
    void shouldQueueReloadsAndReplacementsOneBehindAnother() {
        List<Worker> old = forkReady(bench, 2);
        CompletableFuture<ReloadResult> first = bench.master.reload(NEXT);
        CompletableFuture<ReloadResult> second = bench.master.reload(new Bench.NoProgram(2));
        CompletableFuture<Worker> replaced = old.get(1).replace();
        bench.turn();
        finish(bench, second);
        assertInstanceOf(ReloadResult.Completed.class, first.join());
        assertInstanceOf(ReloadResult.Completed.class, second.join());
        assertEquals(NEXT, replaced.join().program());
        assertEquals(Set.of(new Bench.NoProgram(2)), programs(bench));
        assertEquals(6, bench.incarnations.all.size());
    }

    @Test
    void shouldTakeSlotsAlongThatAreForkedMeanwhileAndPassOverThoseThatClose() {
        List<Worker> old = forkReady(bench, 2);
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        bench.master.fork();
        old.get(1).disconnect();
        bench.turn();
        finish(bench, future);
        assertEquals(2, assertInstanceOf(ReloadResult.Completed.class, future.join()).replaced());
        assertEquals(Set.of(NEXT), programs(bench));
        assertEquals(2, bench.master.workers().size());
    }

    /** The fork was requested while the old code was current, and the master handles it after the reload. */
    @Test
    void shouldForkTheCodeOfNowWhateverHeldWhenTheForkWasCalled() {
        Worker old = forkReady(bench, 1).getFirst();
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        bench.last().ready();
        bench.of(old).ended();
        Worker forked = bench.master.fork();
        bench.turn();
        assertInstanceOf(ReloadResult.Completed.class, future.join());
        assertSame(NEXT, forked.program());
    }

    @Test
    void shouldTellThoseWhoWaitThatTheClusterWasClosed() {
        forkReady(bench, 2);
        CompletableFuture<ReloadResult> first = bench.master.reload(NEXT);
        CompletableFuture<ReloadResult> second = bench.master.reload(NEXT);
        CompletableFuture<Void> third = bench.master.scale(7);
        bench.turn();
        bench.master.submit(slots -> slots.closeAll(() -> {}));
        bench.turn();
        CompletableFuture<ReloadResult> late = bench.master.reload(NEXT);
        bench.turn();
        for (CompletableFuture<ReloadResult> future : List.of(first, second, late)) {
            assertEquals("the cluster was closed",
                    assertInstanceOf(ReloadResult.Aborted.class, future.join()).why());
        }
        assertTrue(third.isCompletedExceptionally());
        endAllThatGo(bench);
        assertEquals(List.of(), bench.master.workers());
    }

    @Test
    void shouldCompleteWhatIsAskedOfAClusterThatHasEnded() {
        Thread closer = Thread.ofPlatform().start(bench.master::close);
        while (closer.isAlive()) {
            bench.turn();
        }
        assertInstanceOf(ReloadResult.Aborted.class, bench.master.reload(NEXT).join());
        assertTrue(bench.master.scale(1).isCompletedExceptionally());
        assertTrue(bench.master.disconnect().isDone());
    }

    /** Returns the events of these workers, in order. */
    private List<String> events(String... workers) {
        return bench.events.stream().skip(12)
                .filter(event -> List.of(workers).contains(event.split(" ")[1])).toList();
    }
}
