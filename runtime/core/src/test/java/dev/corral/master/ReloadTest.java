package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.CorralException;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Reloads and scalings of a master with workers that are not there and a clock that stands still. */
class ReloadTest {
    private static final Program NEXT = new Bench.NoProgram(1);
    private static final Duration READY_WITHIN = ReloadPolicy.DEFAULT.readyWithin();

    private final Bench bench = new Bench(config -> config);

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
    void shouldGoBackWhenAReplacementCrashesBeforeItIsReady() {
        List<Worker> old = forkReady(bench, 3);
        CompletableFuture<ReloadResult> future = bench.master.reload(NEXT);
        bench.turn();
        bench.last().ready();
        bench.turn();
        Worker first = bench.last(2).worker;
        bench.of(old.getFirst()).ended();
        bench.turn();
        bench.last().crash(); // the second one
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

    /** A fixed version revives a slot that gave up; a broken one leaves it as it was. */
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
        own.of(own.master.slot(0).orElseThrow()).crash(); // a fault that is counted anew
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

    /** An exit that comes by itself is told as it is. */
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

    @Test
    void shouldNotWaitForThoseWhoAreForkedWhileAllAreDisconnected() {
        Worker old = forkReady(bench, 1).getFirst();
        CompletableFuture<Void> future = bench.master.disconnect();
        Worker fresh = bench.master.fork();
        bench.turn();
        assertFalse(future.isDone());
        bench.of(old).ended();
        bench.turn();
        assertTrue(future.isDone());
        assertEquals(WorkerState.STARTING, fresh.state());
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

    /**
     * What was there before works no more either: its restart policy goes on, and the reload ends when that has given
     * up.
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
        own.last().crash(); // on the way back
        own.turn();
        assertEquals(WorkerState.READY, fresh.state());
        assertEquals(0, replacements(own));
        own.advance(Duration.ofSeconds(1));
        own.last().crash(); // once more
        own.turn();
        assertEquals(WorkerState.DRAINING, fresh.state());
        endAllThatGo(own);
        assertInstanceOf(ReloadResult.Aborted.class, future.join());
        assertEquals(1, own.master.stats().gaveUp());
        assertEquals(Set.of(new Bench.NoProgram(0)), programs(own));
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

    /** The fork was called when the old code still held, and comes to the master when that is over. */
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

    @Test
    void shouldScaleUpAndDownNewestFirst() {
        CompletableFuture<Void> up = bench.master.scale(3);
        bench.turn();
        assertEquals(3, bench.master.workers().size());
        List<Worker> workers = bench.master.workers();
        for (Worker worker : workers) {
            assertFalse(up.isDone());
            bench.of(worker).ready();
            bench.turn();
        }
        assertTrue(up.isDone());
        CompletableFuture<Void> down = bench.master.scale(1);
        bench.turn();
        assertEquals(List.of(WorkerState.READY, WorkerState.DRAINING, WorkerState.DRAINING),
                workers.stream().map(Worker::state).toList());
        bench.of(workers.get(1)).ended();
        bench.turn();
        assertFalse(down.isDone());
        bench.of(workers.get(2)).ended();
        bench.turn();
        assertTrue(down.isDone());
        assertEquals(1, bench.master.stats().slots());
        assertTrue(turned(bench.master.scale(1)).isDone());
        var e = assertThrows(IllegalArgumentException.class, () -> bench.master.scale(-1));
        assertEquals("workers is -1; it must be 0 or more", e.getMessage());
    }

    @Test
    void shouldTellWhyItWasNotScaled() {
        CompletableFuture<Void> up = turned(bench.master.scale(2));
        bench.last().ready();
        bench.advance(READY_WITHIN);
        var e = assertInstanceOf(CorralException.class, assertThrows(ExecutionException.class, up::get).getCause());
        assertEquals("test was not scaled: 1 of 2 slots that were added were ready within 30000 ms", e.getMessage());
        assertEquals(2, bench.master.stats().slots());
    }

    // ---- Several ports ----

    /** Its first port is served by the old worker and by the replacement, its second one only by the old worker. */
    private Worker reloadUpToTheFirstPort(int slots) {
        for (int i = 0; i < slots; i++) {
            Worker worker = bench.forkReady();
            bench.of(worker).openedNanos = bench.clock.nanos();
            bench.of(worker).serve(9000);
        }
        bench.turn();
        var _ = bench.master.reload(NEXT);
        bench.turn();
        bench.last().openedNanos = bench.clock.nanos();
        bench.last().ready();
        bench.turn();
        return bench.master.worker(1).orElseThrow();
    }

    @Test
    void shouldKeepTheOldWorkerUntilItsReplacementServesAllPorts() {
        Worker old = reloadUpToTheFirstPort(2);
        assertEquals(WorkerState.READY, old.state());
        assertEquals(WorkerState.READY, bench.last().worker.state());
        assertSame(old, bench.master.slot(0).orElseThrow());
        bench.advance(READY_WITHIN.minusMillis(1));
        assertEquals(WorkerState.READY, old.state());
        assertEquals(1, replacements(bench));
        bench.last().serve(9000);
        bench.turn();
        assertEquals(WorkerState.DRAINING, old.state());
        assertEquals(3, bench.master.slot(0).orElseThrow().id());
    }

    @Test
    void shouldWaitOnlyOnceForAPortThatTheNewCodeOpensNoMore() {
        Worker old = reloadUpToTheFirstPort(2);
        bench.advance(READY_WITHIN);
        assertEquals(WorkerState.DRAINING, old.state());
        bench.of(old).ended();
        bench.turn();
        Worker second = bench.master.worker(2).orElseThrow();
        assertEquals(4, bench.last().worker.id());
        bench.last().ready();
        bench.turn();
        assertEquals(WorkerState.DRAINING, second.state());
    }

    @Test
    void shouldTakeOverAtOnceWhenTheOldWorkerEndsMeanwhile() {
        Worker old = reloadUpToTheFirstPort(2);
        CompletableFuture<Worker> fresh = old.replace();
        bench.turn();
        bench.of(old).crash();
        bench.turn();
        assertEquals(3, bench.master.slot(0).orElseThrow().id());
        assertEquals(3, fresh.join().id());
        assertEquals(0, bench.master.stats().restarts());
        assertEquals(1, replacements(bench)); // of the other slot
    }

    @Test
    void shouldTakeOverWhenTheOldWorkerClosesThePortOrGoes() {
        Worker old = reloadUpToTheFirstPort(1);
        bench.of(old).openPorts.removeLast();
        bench.turn();
        bench.of(old).reports.exiting(new ExitReason.Completed(3), false);
        bench.turn();
        assertEquals(WorkerState.STOPPING, old.state());
        assertEquals(2, bench.master.slot(0).orElseThrow().id());
    }

    @Test
    void shouldAbortWhenTheReplacementEndsBeforeItServesAllPorts() {
        Worker old = reloadUpToTheFirstPort(2);
        bench.last().crash();
        bench.turn();
        assertTrue(bench.events.getLast().contains("reloaded Aborted[slot=0"), () -> bench.events.toString());
        assertSame(old, bench.master.slot(0).orElseThrow());
        assertEquals(WorkerState.READY, old.state());
        assertEquals(0, replacements(bench));
    }

    private CompletableFuture<Void> turned(CompletableFuture<Void> future) {
        bench.turn();
        return future;
    }

    private static List<Worker> forkReady(Bench bench, int workers) {
        for (int i = 0; i < workers; i++) {
            bench.forkReady();
        }
        return bench.master.workers();
    }

    /** Workers on the way that no slot stands for yet. */
    static long replacements(Bench bench) {
        return bench.master.registry().live().stream().filter(worker -> worker.lifecycle().reason() == null
                && bench.master.slot(worker.slot()).filter(current -> current == worker).isEmpty()).count();
    }

    static Set<Program> programs(Bench bench) {
        return bench.master.workers().stream().map(Worker::program).collect(Collectors.toSet());
    }

    /** Those that were told to end do; who follows becomes ready, and so on. */
    static void endAllThatGo(Bench bench) {
        for (int i = 0; i < 100; i++) {
            for (WorkerHandle worker : List.copyOf(bench.master.registry().live())) {
                if (worker.lifecycle().reason() != null) {
                    bench.of(worker).ended();
                } else if (worker.program().equals(bench.master.program())) {
                    bench.of(worker).ready();
                }
                bench.turn();
            }
        }
    }

    /** All that is under way goes well. */
    private static void finish(Bench bench, CompletableFuture<?> future) {
        bench.turn();
        for (int i = 0; i < 100 && !future.isDone(); i++) {
            for (WorkerHandle worker : List.copyOf(bench.master.registry().live())) {
                if (worker.lifecycle().reason() != null) {
                    bench.of(worker).ended();
                } else if (worker.state() == WorkerState.STARTING) {
                    bench.of(worker).ready();
                }
                bench.turn();
            }
        }
    }

    /** Of these workers, in order. */
    private List<String> events(String... workers) {
        return bench.events.stream().skip(12)
                .filter(event -> List.of(workers).contains(event.split(" ")[1])).toList();
    }
}
