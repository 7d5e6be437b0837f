package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterEvent;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.WorkerState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The life of a worker as its handle and the events show it: identity, states, readiness and weight. */
class WorkerLifeTest extends MasterFixture {
    @Test
    void shouldTellTheLifeOfAWorkerInNodesOrder() {
        Worker worker = bench.fork();
        assertEquals(WorkerState.STARTING, worker.state());
        bench.of(worker).online();
        bench.turn();
        assertEquals(WorkerState.ONLINE, worker.state());
        bench.of(worker).ready();
        bench.turn();
        assertEquals(WorkerState.READY, worker.state());
        worker.disconnect();
        bench.turn();
        assertEquals(WorkerState.DRAINING, worker.state());
        bench.of(worker).reports.drained();
        bench.turn();
        assertEquals(WorkerState.STOPPING, worker.state());
        bench.of(worker).ended();
        bench.turn();
        assertEquals(WorkerState.EXITED, worker.state());
        assertEquals(
                List.of("forked 1", "online 1", "listening 1", "ready 1", "disconnected 1", "exited 1 0 on request"),
                bench.takeEvents());
        assertEquals(List.of("start", "watch", "admit true", "admit false", "drain", "stop"), bench.of(worker).verbs);
    }

    @Test
    void shouldNumberWorkersFromOneAndSlotsFromZeroAndReuseOnlySlots() throws Exception {
        Worker first = bench.forkReady();
        Worker second = bench.forkReady();
        assertEquals(List.of(1L, 2L), List.of(first.id(), second.id()));
        assertEquals(List.of(0, 1), List.of(first.slot(), second.slot()));
        first.disconnect();
        bench.turn();
        bench.of(first).ended();
        bench.turn();
        Worker third = bench.forkReady();
        assertEquals(3, third.id());
        assertEquals(0, third.slot());
        assertEquals(List.of(second, third), bench.master.workers());
        assertEquals(third, bench.master.slot(0).orElseThrow());
        assertTrue(bench.master.worker(1).isEmpty());
    }

    @Test
    void shouldListAWorkerFromForkToExitEvenWhileItDrains() {
        Worker worker = bench.master.fork();
        assertEquals(List.of(worker), bench.master.workers());
        assertSame(worker, bench.master.slot(0).orElseThrow());
        bench.turn();
        bench.of(worker).ready();
        worker.disconnect();
        bench.turn();
        assertEquals(List.of(worker), bench.master.workers());
        bench.of(worker).ended();
        bench.turn();
        assertEquals(List.of(), bench.master.workers());
    }

    @Test
    void shouldCompleteOnReadyAndFailItWhenTheWorkerEndsBefore() throws Exception {
        Worker worker = bench.fork();
        CompletableFuture<Worker> ready = worker.onReady();
        bench.of(worker).ready();
        bench.turn();
        assertSame(worker, ready.get());
        assertSame(worker, worker.onReady().get());
        Worker second = bench.fork();
        bench.of(second).exit(9);
        bench.turn();
        var e = assertThrows(ExecutionException.class, () -> second.onReady().get());
        assertEquals(9, assertInstanceOf(WorkerExitedException.class, e.getCause()).exit().code());
        assertEquals(9, second.onExit().get().code());
    }

    @Test
    void shouldBecomeReadyBySignalOnlyIfConfigured() {
        var own = new Bench(config -> config.withReadySignal(true));
        Worker worker = own.fork();
        own.of(worker).ready();
        own.turn();
        assertEquals(WorkerState.ONLINE, worker.state());
        assertFalse(own.of(worker).verbs.contains("admit true"));
        own.of(worker).reports.readySignalled();
        own.of(worker).reports.readySignalled();
        own.turn();
        assertEquals(List.of("forked 1", "online 1", "listening 1", "ready 1"), own.takeEvents());
    }

    @Test
    void shouldAdmitByWeightAndKeepItForTheSlot() {
        Worker worker = bench.fork();
        assertEquals(1, worker.weight());
        worker.setWeight(0);
        bench.of(worker).ready();
        bench.turn();
        assertEquals(List.of("start", "watch", "admit false"), bench.of(worker).verbs);
        worker.setWeight(5);
        bench.turn();
        assertEquals("admit true", bench.of(worker).verbs.getLast());
        bench.of(worker).crash();
        bench.turn();
        Worker next = bench.master.slot(0).orElseThrow();
        assertEquals(5, next.weight());
        next.replace();
        bench.of(next).ready();
        bench.turn();
        next.replace();
        bench.turn();
        assertEquals(5, bench.last().worker.weight());
        worker.setWeight(7); // has no effect, because the worker has ended
        bench.turn();
        assertThrows(IllegalArgumentException.class, () -> next.setWeight(-1));
        var e = assertThrows(IllegalArgumentException.class, () -> next.setWeight(1001));
        assertEquals("the weight is 1001; it must be from 0 to 1000", e.getMessage());
    }

    @Test
    void shouldTellConnectionsAndBusyOfTheIncarnation() {
        Worker worker = bench.forkReady();
        assertEquals(3, worker.connections());
        assertEquals(0.5, worker.busy());
        bench.of(worker).crash();
        bench.turn();
        assertEquals(0, worker.connections());
        assertEquals(0, worker.busy());
    }

    @Test
    void shouldGoOnAfterAListenerThrows() {
        bench.master.on(dev.corral.ClusterEvent.class, _ -> {
            throw new IllegalStateException("listener");
        });
        bench.forkReady();
        bench.last().crash();
        bench.turn();
        assertEquals("forked 2", bench.takeEvents().getLast());
    }
}
