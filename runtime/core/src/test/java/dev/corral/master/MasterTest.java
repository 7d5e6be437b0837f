package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.ReloadPolicy;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The master with workers that are not there and a clock that stands still. */
class MasterTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RestartPolicy AT_ONCE = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE);

    private final Bench bench = new Bench(config -> config);

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

    /** Backoff and intensity of a program that throws at once, and the reason that is told at the end. */
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

    /** One of four crashes every 100 ms for a minute. */
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

    /** A stop gets through at any moment of a crash loop. */
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
        worker.setWeight(7); // it is gone
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

    /** Nobody serves the port while the only worker drains, so that who connects then would wait for nothing. */
    @Test
    void shouldStopListeningWhenAllWorkersLeaveAndNobodyFollows() {
        Worker first = bench.forkReady();
        Worker second = bench.forkReady();
        first.disconnect();
        bench.turn();
        assertFalse(bench.incarnations.ports.contains("suspended"));
        bench.of(first).ended();
        second.disconnect();
        bench.turn();
        assertEquals(WorkerState.DRAINING, second.state());
        assertTrue(bench.incarnations.ports.contains("suspended"));
    }

    @Test
    void shouldGoOnListeningWhileAWorkerIsToFollow() {
        var own = new Bench(config -> config.withRestart(
                RestartPolicy.DEFAULT.withBackoff(Backoff.fixed(Duration.ofSeconds(1)))));
        Worker worker = own.forkReady();
        own.of(worker).reports.exiting(new ExitReason.Completed(3), false);
        own.turn();
        own.of(worker).ended();
        own.turn();
        assertEquals(List.of(), own.incarnations.ports);
    }

    @Test
    void shouldCloseThePortsWhenTheListenersOfTheLastExitHaveNotForked() {
        var own = new Bench(config -> config.withRestart(RestartPolicy.NEVER));
        Worker worker = own.forkReady();
        own.incarnations.ports.clear();
        own.of(worker).exit(0);
        own.master.services().loop().turn();
        assertEquals(List.of(), own.incarnations.ports); // they have not heard of it
        own.master.services().events().deliverAll();
        own.turn();
        assertEquals(List.of("unused"), own.incarnations.ports);
    }

    @Test
    void shouldKeepThePortsWhenAListenerOfTheLastExitForks() {
        var own = new Bench(config -> config.withRestart(RestartPolicy.NEVER));
        Worker worker = own.forkReady();
        own.master.on(ClusterEvent.Exited.class, e -> own.master.fork());
        own.incarnations.ports.clear();
        own.of(worker).exit(1);
        own.turn();
        own.turn();
        assertEquals(2, own.last().worker.id());
        assertEquals(List.of(), own.incarnations.ports);
    }

    /** Three restarts within two minutes are allowed; eleven lives that are all too short are not. */
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

    /** Its threads end by a deadline of their own; that a busy machine takes long for it is not the worker's fault. */
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
