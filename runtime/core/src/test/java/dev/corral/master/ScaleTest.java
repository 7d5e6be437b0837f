package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.CorralException;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Changes of the number of workers, and the disconnect of all of them. */
class ScaleTest extends ReloadFixture {
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
        assertEquals("the number of workers is -1; it must be from 0 to 10000", e.getMessage());
    }

    @Test
    void shouldTellWhyItWasNotScaled() {
        CompletableFuture<Void> up = turned(bench.master.scale(2));
        bench.last().ready();
        bench.advance(READY_WITHIN);
        var e = assertInstanceOf(CorralException.class, assertThrows(ExecutionException.class, up::get).getCause());
        assertEquals("test was not scaled: 1 of 2 slots that were added were ready within 30 s", e.getMessage());
        assertEquals(2, bench.master.stats().slots());
    }
}
