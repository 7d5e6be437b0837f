package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reloads of a program with several ports. An old worker leaves when its replacement serves all of them. */
class ReloadOfSeveralPortsTest extends ReloadFixture {
    /**
     * Starts a reload. Afterwards both the old worker and its replacement serve the first port, and only the old worker
     * serves the second one.
     *
     * @return the old worker of the first slot
     */
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
        assertEquals(1, replacements(bench)); // the replacement of the other slot
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
}
