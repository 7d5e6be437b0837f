package dev.corral.master;

import dev.corral.Autopsy;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.report.EndedWorker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor of one cluster: each method is a command or a report, and runs on the master's thread. None waits.
 * Commands that may run again are described in {@link ControlLoop}.
 *
 * <p>A method changes what it is about. What follows from that for other slots and for rollouts is done by
 * {@link #reconcile} at the end of each command, if the method has requested it.
 */
final class Supervisor {
    /** How long a worker may finish requests before it is killed because memory is short. */
    static final Duration GRACE = Duration.ofMillis(250);

    private final MasterServices services;
    private final Registry registry;
    private final Readiness readiness;
    private final LeakMonitor leakMonitor;
    private final Slots slots;
    private final TakeOver takeOver;
    private final Succession succession;
    private final Rollouts rollouts;
    private final Departures departures = new Departures();
    /** Runs when the last slot has closed; null until a close is requested, and after it has run. */
    private @Nullable Runnable whenClosed;
    /** Whether something may follow from the changes since the last advance. */
    private boolean advanceRequested;

    /** Creates the supervisor of a cluster without slots. */
    Supervisor(MasterServices services, Registry registry, Readiness readiness, LeakMonitor leakMonitor) {
        this.services = services;
        this.registry = registry;
        this.readiness = readiness;
        this.leakMonitor = leakMonitor;
        this.slots = new Slots(services, registry, this::requestAdvance);
        this.takeOver = new TakeOver(services, registry, slots, this::requestAdvance);
        this.succession = new Succession(services, registry, slots, takeOver, this::requestAdvance);
        this.rollouts = new Rollouts(services, registry, slots, this::requestAdvance);
    }

    // ---- Commands ----

    void fork(WorkerHandle worker, Map<String, String> env) {
        requestAdvance();
        slots.fork(worker, env);
    }

    void disconnect(WorkerHandle worker) {
        requestAdvance();
        Slot slot = slots.get(worker.slot());
        if (slot != null && slot.current == worker) {
            slots.close(slot);
        } else { // a replacement that is not wanted any more, or a worker that leaves already
            worker.lifecycle().leave(new ExitReason.OnRequest());
        }
    }

    void kill(WorkerHandle worker) {
        requestAdvance();
        worker.lifecycle().kill(new ExitReason.Killed());
    }

    void replace(WorkerHandle worker, CompletableFuture<Worker> future) {
        Slot slot = slots.get(worker.slot());
        if (slot == null || slot.current != worker || !worker.state().isLive() || slot.closing) {
            services.events().complete(() -> future.completeExceptionally(worker.cannotReplace()));
            return;
        }
        requestAdvance();
        if (worker.supervision().replaceCalls.isEmpty()) {
            rollouts.replace(worker);
        }
        worker.supervision().replaceCalls.add(future); // order: request before advance
    }

    void reload(Program program, CompletableFuture<ReloadResult> future) {
        requestAdvance();
        rollouts.reload(program, future);
    }

    void scale(int workers, CompletableFuture<Void> future) {
        requestAdvance();
        rollouts.scale(workers, future);
    }

    /** Applies the weight of a worker to its admission, and to those who follow it. */
    void weigh(WorkerHandle worker) {
        Slot slot = slots.get(worker.slot());
        if (slot != null) {
            slot.weight = worker.weight();
        }
        worker.lifecycle().admit();
    }

    /**
     * Disconnects all workers. The action runs when all of them have ended; it does not wait for workers that are
     * forked later.
     */
    void disconnectAll(Runnable action) {
        requestAdvance();
        slots.closeAll();
        Set<WorkerHandle> leaving = new HashSet<>(registry.live());
        leaving.removeIf(worker -> worker.lifecycle().reason() == null); // the command of its fork comes later
        departures.add(leaving, action);
    }

    /** Disconnects all workers for good. The action runs when no slot is left. */
    void closeAll(Runnable action) {
        requestAdvance();
        slots.closeForGood();
        whenClosed = action;
        rollouts.close();
        services.incarnations().closePorts();
        slots.closeAll();
    }

    /** Kills all workers, without waiting for deadlines. */
    void killAll() {
        registry.live().forEach(worker -> worker.lifecycle().kill(new ExitReason.OnRequest()));
    }

    // ---- Reports ----

    void listening(WorkerHandle worker, InetSocketAddress address) {
        if (worker.state().isConnected()) {
            services.events().publish(new ClusterEvent.Listening(services.clock().now(), worker, address));
        }
    }

    /** Notes that the worker asks for connections of one more port. */
    void serving(WorkerHandle worker) {
        requestAdvance(); // it may be the port that a replacement waits for
        if (!services.config().readySignal()) {
            becomeReady(worker);
        }
    }

    void becomeReady(WorkerHandle worker) {
        if (worker.state() == WorkerState.ONLINE) { // order: request before the state changes
            requestAdvance();
        }
        worker.lifecycle().becomeReady();
        Slot slot = slots.get(worker.slot());
        if (slot != null && slot.replacement == worker) {
            takeOver.ifComplete(slot);
        }
    }

    void missed(WorkerHandle worker, int missed, Duration silence) {
        if (worker.state().isLive()) {
            worker.lifecycle().suspect(true);
            publishMissed(worker, missed, silence);
        }
    }

    /**
     * Reports a server of the worker that takes no connection. The worker stays admitted: its other servers may be
     * well.
     */
    void stalled(WorkerHandle worker, int missed, Duration silence) {
        if (worker.state().isLive()) {
            publishMissed(worker, missed, silence);
        }
    }

    private void publishMissed(WorkerHandle worker, int missed, Duration silence) {
        services.events().publish(
                new ClusterEvent.HeartbeatMissed(services.clock().now(), worker, missed, silence));
    }

    /** Kills a zombie. */
    void silent(WorkerHandle worker, Autopsy autopsy) {
        requestAdvance();
        if (worker.state().isLive()) {
            registry.countZombie();
            services.events().publish(new ClusterEvent.BecameZombie(services.clock().now(), worker, autopsy));
            worker.lifecycle().kill(new ExitReason.Zombie(autopsy.silence(), autopsy));
        }
    }

    /**
     * Recycles a worker that uses too much memory. A ready worker is replaced in its turn. A worker that is not ready
     * yet has nothing to lose, and no other one in its place would become ready either: it leaves, and what follows is
     * decided as after a fault.
     *
     * @param now whether there is no time for a replacement. Then the worker is killed, even while it drains or stops.
     *        A ready worker first drains for {@link #GRACE}, so that short requests are answered.
     */
    void overMemory(WorkerHandle worker, ExitReason.OverMemory reason, boolean now) {
        requestAdvance();
        if (now) {
            endSoon(worker, reason);
            slots.countIfOverMemory(worker, reason);
        } else if (worker.state() == WorkerState.READY) {
            Slot slot = slots.get(worker.slot());
            Recycling recycling = worker.supervision().recycling;
            if (slot != null && slot.current == worker && !slot.closing
                    && recycling.mayBegin(services.clock().nanos())) {
                rollouts.recycle(worker, reason);
                recycling.begun(); // order: request before advance
            }
        } else if (worker.state().isLive()) {
            worker.lifecycle().leave(reason);
            slots.countIfOverMemory(worker, reason);
        }
    }

    private void endSoon(WorkerHandle worker, ExitReason.OverMemory reason) {
        if (worker.state() == WorkerState.READY) {
            var _ = services.loop().after(GRACE, () -> worker.lifecycle().kill(reason));
            worker.lifecycle().leave(reason);
        } else {
            worker.lifecycle().kill(reason);
        }
    }

    void overThreads(WorkerHandle worker, ExitReason.OverThreads reason) {
        requestAdvance();
        worker.lifecycle().kill(reason);
    }

    void exiting(WorkerHandle worker, ExitReason reason, boolean halt) {
        requestAdvance();
        worker.lifecycle().exit(reason, halt);
    }

    /** Publishes the exit of a worker, and decides what follows. */
    void ended(WorkerHandle worker, EndedWorker remains) {
        requestAdvance();
        Exit exit = worker.lifecycle().ended(remains);
        if (registry.isLive(worker)) {
            services.incarnations().messageHub().ended(worker.id(), exit);
            worker.end(exit);
            leakMonitor.add(worker, remains);
            registry.remove(worker); // order: remove before publish, for listeners that read the live workers
        }
        worker.lifecycle().publishExit(exit);
        rollouts.ended(worker, exit);
        departures.ended(worker);
        succession.afterExit(worker, exit);
    }

    // ---- What follows ----

    private void requestAdvance() {
        advanceRequested = true;
    }

    /**
     * Fulfils what the states of workers require, and does what follows from the changes. The loop calls this after
     * each command and timer.
     */
    void reconcile() {
        slots.reconcileAll();
        if (advanceRequested) {
            advanceAll();
            advanceRequested = false; // order: advance before clear
        }
    }

    private void advanceAll() {
        slots.all().forEach(takeOver::ifComplete);
        rollouts.advance();
        boolean nothingRuns = registry.live().isEmpty();
        boolean nothingWillRun = slots.haveAllGivenUp();
        boolean isEmpty = slots.all().isEmpty();
        boolean over = nothingRuns && nothingWillRun
                && (slots.gaveUp() > 0 || (succession.hasCompleted() && isEmpty));
        readiness.publish(registry.ready(), slots.count(), slots.gaveUp(), over);
        rollouts.publishResults(); // order: publish readiness before results, which may be about it
        if (nothingRuns && nothingWillRun && !slots.isForkExpected()) {
            services.incarnations().closeUnusedPorts();
        }
        departures.complete();
        if (whenClosed != null && nothingRuns && isEmpty) {
            whenClosed.run();
            whenClosed = null;
        }
    }
}
