package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason.OverMemory;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the master makes of workers that have too much memory. */
class MemoryTest {
    private static final OverMemory OVER = new OverMemory(Limit.ALLOCATED, 1001, 950);
    private static final OverMemory PRESSURE = new OverMemory(Limit.FAIR_SHARE, 300, 200);

    private final List<String> whys = new ArrayList<>();
    private final Bench bench = new Bench(config -> config.withListener(event -> {
        if (event instanceof ClusterEvent.Replacing replacing) {
            whys.add(replacing.why());
        }
    }));

    private void over(Worker... workers) {
        for (Worker worker : workers) {
            bench.of(worker).reports.overMemory(OVER, false);
        }
        bench.turn();
    }

    private void pressed(Worker... workers) {
        for (Worker worker : workers) {
            bench.of(worker).reports.overMemory(PRESSURE, true);
        }
        bench.turn();
    }

    private void ready() {
        bench.last().ready();
        bench.turn();
    }

    private Exit ended(Worker worker) throws Exception {
        bench.of(worker).ended();
        bench.turn();
        return worker.onExit().get();
    }

    @Test
    void shouldHaveAReplacementReadyBeforeAWorkerOverItsLimitDrains() throws Exception {
        Worker worker = bench.forkReady();
        bench.takeEvents();
        over(worker);
        assertEquals(WorkerState.READY, worker.state());
        assertEquals(List.of("replacing 1", "forked 2"), bench.takeEvents());
        assertEquals(List.of(OVER.toString()), whys);
        assertEquals(0, bench.master.stats().memoryRecycles());
        ready();
        assertEquals(WorkerState.DRAINING, worker.state());
        assertEquals(1, bench.master.stats().memoryRecycles());
        Exit exit = ended(worker);
        assertEquals(OVER, exit.reason());
        assertEquals(0, exit.code());
        assertEquals(1, bench.master.stats().memoryRecycles());
        assertEquals(0, bench.master.stats().restarts());
        assertEquals(2, bench.incarnations.all.size());
        assertSame(bench.last().worker, bench.master.slot(0).orElseThrow());
    }

    @Test
    void shouldReplaceAWorkerOnceHoweverOftenItIsTold() throws Exception {
        Worker worker = bench.forkReady();
        over(worker, worker);
        over(worker);
        ready();
        over(worker); // it drains
        assertEquals(OVER, ended(worker).reason());
        assertEquals(2, bench.incarnations.all.size());
        bench.advance(Duration.ofHours(1));
        assertEquals(2, bench.incarnations.all.size());
    }

    @Test
    void shouldReplaceOneAfterAnother() {
        List<Worker> workers = List.of(bench.forkReady(), bench.forkReady(), bench.forkReady());
        over(workers.toArray(Worker[]::new));
        for (int i = 0; i < workers.size(); i++) {
            assertEquals(workers.size() + i + 1, bench.incarnations.all.size());
            assertEquals(WorkerState.READY, workers.get(i).state());
            ready();
            assertEquals(WorkerState.DRAINING, workers.get(i).state());
        }
        assertEquals(3, bench.master.stats().memoryRecycles());
        assertEquals(3, bench.master.stats().ready());
    }

    @Test
    void shouldServeOnWhereNoReplacementGetsReadyAndTryAgainAfterADelayThatGrows() {
        Worker worker = bench.forkReady();
        for (Duration delay : List.of(Recycling.FIRST_DELAY, Recycling.FIRST_DELAY.multipliedBy(2))) {
            int before = bench.incarnations.all.size();
            over(worker);
            assertEquals(before + 1, bench.incarnations.all.size());
            bench.last().crash();
            bench.turn();
            assertEquals(WorkerState.READY, worker.state());
            bench.clock.advance(delay.minusNanos(1));
            over(worker);
            assertEquals(before + 1, bench.incarnations.all.size());
            bench.clock.advance(Duration.ofNanos(1));
        }
        over(worker);
        ready();
        assertEquals(WorkerState.DRAINING, worker.state());
    }

    @Test
    void shouldNotHaveOthersWhoWantItReplacedPayForAReplacementThatFails() {
        Worker worker = bench.forkReady();
        over(worker);
        CompletableFuture<Worker> future = worker.replace();
        bench.turn();
        bench.last().crash();
        bench.turn();
        assertFalse(future.isDone());
        ready(); // theirs
        assertSame(bench.last().worker, future.join());
    }

    @Test
    void shouldKillAtOnceWhenThereIsNoTimeAndRefillTheSlotByPolicy() throws Exception {
        Worker worker = bench.forkReady();
        bench.takeEvents();
        pressed(worker);
        assertEquals(WorkerState.DRAINING, worker.state());
        bench.advance(Supervisor.GRACE);
        assertEquals(WorkerState.KILLING, worker.state());
        Exit exit = ended(worker);
        assertEquals(PRESSURE, exit.reason());
        assertEquals(137, exit.code());
        assertEquals(List.of("disconnected 1", "exited 1 137 " + PRESSURE, "forked 2"), bench.takeEvents());
        assertEquals(1, bench.master.stats().memoryRecycles());
        assertEquals(1, bench.master.stats().restarts());
    }

    @Test
    void shouldKillOneWhoseRecyclingTakesTooLongInWhateverStateItIs() throws Exception {
        Worker first = bench.forkReady();
        over(first);
        pressed(first); // while its replacement starts, which takes its place
        bench.advance(Supervisor.GRACE);
        assertEquals(WorkerState.KILLING, first.state());
        assertEquals(PRESSURE, ended(first).reason());
        assertEquals(2, bench.incarnations.all.size());
        ready();
        Worker second = bench.last().worker;
        over(second);
        ready();
        assertEquals(WorkerState.DRAINING, second.state());
        pressed(second);
        assertEquals(WorkerState.KILLING, second.state());
        assertEquals(OVER, ended(second).reason());
        assertEquals(2, bench.master.stats().memoryRecycles());
    }

    @Test
    void shouldLeaveADrainingWorkerAlone() throws Exception {
        Worker worker = bench.forkReady();
        worker.disconnect();
        bench.turn();
        over(worker);
        assertEquals(WorkerState.DRAINING, worker.state());
        assertEquals("on request", ended(worker).reason().toString());
        assertEquals(1, bench.incarnations.all.size());
        assertEquals(0, bench.master.stats().memoryRecycles());
    }

    /** A program that never listens: nobody could take its place, and nothing is lost. */
    @Test
    void shouldEndOneThatIsNotReadyAndLetThePolicyDecide() throws Exception {
        Worker worker = bench.fork();
        bench.last().online();
        over(worker);
        assertEquals(WorkerState.DRAINING, worker.state());
        assertEquals(1, bench.incarnations.all.size());
        assertEquals(OVER, ended(worker).reason());
        assertEquals(2, bench.incarnations.all.size());
        assertEquals(1, bench.master.stats().memoryRecycles());
    }

    @Test
    void shouldLeaveItToAReloadThatIsUnderWay() throws Exception {
        Worker worker = bench.forkReady();
        bench.master.reload(new Bench.NoProgram(1));
        bench.turn();
        over(worker);
        ready();
        assertTrue(ended(worker).reason().toString().contains("reload to version1"));
        assertEquals(2, bench.incarnations.all.size());
        assertEquals(0, bench.master.stats().memoryRecycles());
        assertEquals(1, bench.master.stats().reloads());
    }

    @Test
    void shouldBeginTheEndOfAWorkerAgainWhereThereWasNoMemoryForIt() {
        Worker worker = bench.forkReady();
        bench.of(worker).outOfMemory = 2;
        pressed(worker, worker);
        assertEquals(WorkerState.KILLING, worker.state());
        assertFalse(bench.of(worker).verbs.contains("kill"));
        bench.advance(WorkerLifecycle.RETRY_DELAY);
        bench.advance(WorkerLifecycle.RETRY_DELAY);
        assertEquals("kill", bench.of(worker).verbs.getLast());
        bench.advance(WorkerLifecycle.RETRY_DELAY);
        assertEquals(1, bench.of(worker).verbs.stream().filter("kill"::equals).count());
    }

    /** No request that it is answering fails, if it is quick. */
    @Test
    void shouldLetOneThatServesDrainForAMomentBeforeItIsKilled() throws Exception {
        Worker worker = bench.forkReady();
        pressed(worker);
        assertEquals(WorkerState.DRAINING, worker.state());
        bench.of(worker).reports.drained();
        Exit exit = ended(worker);
        assertEquals(PRESSURE, exit.reason());
        assertEquals(0, exit.code());
        bench.advance(Supervisor.GRACE);
        assertEquals(2, bench.incarnations.all.size());
    }

    /**
     * It has served, so that is no failed start; and those who leak again and again must be followed again and again.
     */
    @Test
    void shouldFollowOneThatHasServedWithoutDelayAndWithoutEnd() throws Exception {
        Worker worker = bench.forkReady();
        for (int i = 0; i < 3 * RestartPolicy.DEFAULT.maxRestarts(); i++) {
            pressed(worker, worker);
            ended(worker);
            assertEquals(i + 2, bench.incarnations.all.size());
            worker = bench.last().worker;
            ready();
        }
    }

    @Test
    void shouldFollowOneThatNeverGotReadyAsAfterAnyFault() throws Exception {
        Worker worker = bench.fork();
        for (int i = 0; i < 2; i++) {
            bench.last().online();
            pressed(worker);
            ended(worker);
            assertEquals(2, bench.incarnations.all.size()); // the second time there is a delay
            worker = bench.last().worker;
        }
    }
}
