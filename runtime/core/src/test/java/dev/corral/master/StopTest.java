package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The end of a worker that is asked to stop, killed or ends by itself, and the end of the cluster. */
class StopTest extends MasterFixture {
    @Test
    void shouldCloseTheSlotAfterADisconnectAndNotRestart() throws Exception {
        Worker worker = bench.forkReady();
        CompletableFuture<Exit> exit = worker.disconnect();
        CompletableFuture<Exit> again = worker.disconnect();
        bench.turn();
        bench.of(worker).reports.drained();
        bench.turn();
        bench.of(worker).ended();
        bench.turn();
        assertInstanceOf(ExitReason.OnRequest.class, exit.get().reason());
        assertEquals(exit.get(), again.get());
        assertTrue(exit.get().reason().voluntary());
        assertEquals(0, bench.master.stats().slots());
        assertEquals(1, bench.incarnations.all.size());
        assertTrue(bench.incarnations.ports.contains("unused"));
    }

    @Test
    void shouldForceAWorkerThatDoesNotDrainAndDoesNotStop() throws Exception {
        StopPolicy policy = StopPolicy.DEFAULT;
        Worker worker = bench.forkReady();
        CompletableFuture<Exit> exit = worker.disconnect();
        bench.turn();
        bench.advance(policy.drain().minusNanos(1));
        assertEquals(WorkerState.DRAINING, worker.state());
        bench.advance(Duration.ofNanos(1));
        assertEquals(WorkerState.STOPPING, worker.state());
        bench.advance(policy.stop().minusNanos(1));
        assertEquals(WorkerState.STOPPING, worker.state());
        bench.advance(Duration.ofNanos(1));
        assertEquals(WorkerState.KILLING, worker.state());
        bench.of(worker).ended();
        bench.turn();
        assertInstanceOf(ExitReason.OnRequest.class, exit.get().reason());
        assertEquals(137, exit.get().code());
        assertEquals(List.of("start", "watch", "admit true", "admit false", "drain", "stop", "kill"),
                bench.of(worker).verbs);
    }

    @Test
    void shouldPassOverHooksWhenTheProgramHalts() {
        Worker worker = bench.forkReady();
        bench.of(worker).reports.exiting(new ExitReason.Completed(5), true);
        bench.turn();
        assertEquals("kill", bench.of(worker).verbs.getLast());
        bench.of(worker).ended(OptionalInt.of(5));
        bench.turn();
        assertTrue(bench.takeEvents().contains("exited 1 5 completed with 5"));
    }

    @Test
    void shouldTakeTheCodeThatAHookSetLast() {
        Worker worker = bench.forkReady();
        bench.of(worker).reports.exiting(new ExitReason.Completed(1), false);
        bench.of(worker).ended(OptionalInt.of(3));
        bench.turn();
        assertTrue(bench.takeEvents().contains("exited 1 3 completed with 3"));
    }

    @Test
    void shouldLetADrainingWorkerChooseItsCode() throws Exception {
        Worker worker = bench.forkReady();
        CompletableFuture<Exit> exit = worker.disconnect();
        bench.turn();
        bench.of(worker).exit(42);
        bench.turn();
        assertEquals(42, exit.get().code());
        assertInstanceOf(ExitReason.OnRequest.class, exit.get().reason());
    }

    @Test
    void shouldTellDisconnectedAndExitedOnceEachHoweverItEnds() {
        Worker worker = bench.forkReady();
        worker.disconnect();
        worker.kill();
        bench.of(worker).reports.exiting(new ExitReason.Completed(3), false);
        bench.turn();
        worker.kill();
        worker.disconnect();
        bench.of(worker).reports.drained();
        bench.turn();
        bench.of(worker).ended();
        worker.kill();
        worker.disconnect();
        bench.turn();
        assertEquals(
                List.of("forked 1", "online 1", "listening 1", "ready 1", "disconnected 1", "exited 1 137 on request"),
                bench.takeEvents());
    }

    @Test
    void shouldBeOverWhenAllHaveCompleted() throws Exception {
        var own = new Bench(
                config -> config.withRestart(RestartPolicy.DEFAULT.withWhen(RestartPolicy.When.ON_FAILURE)));
        own.fork();
        own.fork();
        own.incarnations.of(1).exit(0);
        own.turn();
        own.incarnations.of(2).exit(0);
        own.turn();
        assertFalse(own.master.awaitClosed());
        assertEquals(0, own.master.stats().slots());
    }

    @Test
    void shouldRefuseAForkAfterClose() {
        Worker worker = bench.forkReady();
        Thread closer = Thread.ofPlatform().start(bench.master::close);
        while (closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThrows(IllegalStateException.class, bench.master::fork);
        bench.turn();
        assertEquals("drain", bench.of(worker).verbs.getLast());
        assertTrue(bench.incarnations.ports.contains("all"));
        bench.of(worker).ended();
        bench.turn();
        bench.turn();
    }

    /** The threads of the worker have their own deadline. A busy machine may need long to end them. */
    @Test
    void shouldNotForceAWorkerWhoseShutdownHooksHaveRunInTime() throws Exception {
        Worker worker = bench.forkReady();
        CompletableFuture<Exit> exit = worker.disconnect();
        bench.turn();
        bench.of(worker).reports.drained();
        bench.turn();
        bench.advance(StopPolicy.DEFAULT.stop().minusMillis(1));
        bench.of(worker).reports.stopped();
        bench.turn();
        bench.advance(Duration.ofMinutes(1));
        assertEquals(WorkerState.STOPPING, worker.state());
        bench.of(worker).ended(OptionalInt.of(7));
        bench.turn();
        assertEquals(7, exit.get().code());
    }
}
