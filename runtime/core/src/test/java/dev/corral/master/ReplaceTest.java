package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ReloadPolicy;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.WorkerState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The replacement of one worker, which starts before the old worker leaves. */
class ReplaceTest extends MasterFixture {
    @Test
    void shouldReplaceWithAFreshWorkerFirst() throws Exception {
        Worker old = bench.forkReady();
        bench.takeEvents();
        CompletableFuture<Worker> future = old.replace();
        CompletableFuture<Worker> second = old.replace();
        bench.turn();
        assertEquals(WorkerState.READY, old.state());
        assertSame(old, bench.master.slot(0).orElseThrow());
        assertFalse(future.isDone());
        bench.last().ready();
        bench.turn();
        Worker fresh = future.get();
        assertSame(fresh, second.get());
        assertEquals(0, fresh.slot());
        assertSame(fresh, bench.master.slot(0).orElseThrow());
        assertEquals(WorkerState.DRAINING, old.state());
        bench.of(old).ended();
        bench.turn();
        assertEquals(List.of("replacing 1", "forked 2", "online 2", "listening 2", "ready 2", "disconnected 1",
                "exited 1 0 replaced, by worker 2, on request"), bench.takeEvents());
        assertEquals(2, bench.incarnations.all.size());
    }

    @Test
    void shouldServeOnWhenTheReplacementEndsBeforeItIsReady() {
        Worker old = bench.forkReady();
        CompletableFuture<Worker> future = old.replace();
        bench.turn();
        bench.last().crash();
        bench.turn();
        var e = assertInstanceOf(WorkerExitedException.class,
                assertThrows(ExecutionException.class, future::get).getCause());
        assertEquals(2, e.exit().worker());
        assertEquals(WorkerState.READY, old.state());
        assertSame(old, bench.master.slot(0).orElseThrow());
        assertEquals(2, bench.incarnations.all.size());
        old.replace();
        bench.turn();
        assertEquals(3, bench.incarnations.all.size());
    }

    @Test
    void shouldEndAReplacementThatIsNotReadyInTime() {
        Worker old = bench.forkReady();
        CompletableFuture<Worker> future = old.replace();
        bench.turn();
        bench.last().online();
        bench.advance(ReloadPolicy.DEFAULT.readyWithin());
        assertEquals("kill", bench.last().verbs.getLast());
        bench.last().ended();
        bench.turn();
        assertTrue(future.isCompletedExceptionally());
        assertEquals(WorkerState.READY, old.state());
    }

    @Test
    void shouldLetTheReplacementStandForASlotWhoseWorkerCrashes() {
        Worker old = bench.forkReady();
        CompletableFuture<Worker> future = old.replace();
        bench.turn();
        bench.of(old).crash();
        bench.turn();
        assertTrue(future.isCompletedExceptionally());
        assertEquals(2, bench.incarnations.all.size());
        assertEquals(2, bench.master.slot(0).orElseThrow().id());
        bench.last().ready();
        bench.last().crash();
        bench.turn();
        assertEquals(3, bench.master.slot(0).orElseThrow().id());
    }

    @Test
    void shouldRefuseToReplaceAWorkerThatGoes() {
        Worker worker = bench.forkReady();
        worker.disconnect();
        CompletableFuture<Worker> future = worker.replace();
        bench.turn();
        assertInstanceOf(IllegalStateException.class, assertThrows(ExecutionException.class, future::get).getCause());
        assertEquals(1, bench.incarnations.all.size());
    }

    @Test
    void shouldEndAReplacementTogetherWithItsSlot() {
        Worker old = bench.forkReady();
        old.replace();
        bench.turn();
        old.disconnect();
        bench.turn();
        assertEquals("drain", bench.last().verbs.getLast());
        bench.last().ended();
        bench.of(old).ended();
        bench.turn();
        assertEquals(0, bench.master.stats().slots());
        assertEquals(2, bench.incarnations.all.size());
    }
}
