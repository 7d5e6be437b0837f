package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ClusterEvent;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ports of a cluster whose last worker leaves. */
class UnservedPortsTest extends MasterFixture {
    /** While the only worker drains, nothing serves the port, and a new connection would wait in vain. */
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
        assertEquals(List.of(), own.incarnations.ports); // the listeners have not received the event
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
}
