package dev.corral.master;

import static java.util.Objects.requireNonNull;

import dev.corral.Autopsy;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.WorkerState;
import dev.corral.rollout.Handover;
import dev.corral.supervision.RestartHistory;
import dev.corral.supervision.RestartHistory.Decision;
import dev.corral.worker.Incarnation;
import dev.corral.report.EndedWorker;
import dev.corral.report.Shortage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a cluster, and the decisions which worker follows which in them. Belongs to the master's thread: every method is a command, a
 * report of an incarnation, or a timer, and none waits.
 *
 * <p>A command that fails with an OutOfMemoryError is run again, as {@link ControlLoop} says. So a method publishes the state that others can
 * see first, and updates the field that steers its own control flow last.
 */
final class Slots {
    /** For requests under way, of a worker that is to be killed for want of memory. */
    static final Duration GRACE = Duration.ofMillis(250);

    private final Master master;
    private final ClusterConfig config;
    private final WorkerLifecycle lifecycle;
    private final Rollouts rollouts;
    private final Handover handover;
    private final Map<Integer, Slot> slots = new TreeMap<>();
    private long slotsMade;
    /** The first worker of a slot that is being opened. */
    private @Nullable WorkerHandle opening;
    private final List<Departure> departures = new ArrayList<>();
    /** What is to be done when no slot is left, and will be. */
    private @Nullable Runnable whenClosed;
    private int gaveUp;
    /** Whether a slot has closed because its program was done. */
    private boolean completed;
    /**
     * Whether the last slot closed by a fault under a policy by which the embedding program forks again itself, and its listeners have not
     * all heard of it.
     */
    private boolean forkExpected;
    private boolean closing;
    /** Whether something may follow from what commands have done. */
    private boolean changed;

    /** Workers that go together, and what is to be done when all have ended. */
    private record Departure(Set<WorkerHandle> workers, Runnable action) {}

    Slots(Master master) {
        this.master = master;
        this.config = master.config();
        this.lifecycle = new WorkerLifecycle(master);
        this.rollouts = new Rollouts(master, this);
        this.handover = new Handover(config.reload().readyWithin());
    }

    // ---- Commands ----

    void fork(WorkerHandle worker, Map<String, String> env) {
        changed = true;
        Slot slot = slots.get(worker.slot());
        if (slot == null) {
            slot = new Slot(worker.slot(), slotsMade, env, newHistory());
            slots.put(slot.number, slot);
            slotsMade++;
        }
        setCurrent(slot, worker);
        forkExpected = false;
        if (worker.env == null) {
            worker.env = envOf(slot);
            worker.runInstead(master.codeVersion());
        }
        if (closing) { // the fork was called while close was
            slot.closing = true;
            lifecycle.refuse(worker);
        } else {
            lifecycle.settle(worker);
        }
    }

    private Map<String, String> envOf(Slot slot) {
        Map<String, String> env = new HashMap<>(config.env());
        env.putAll(slot.env);
        return env;
    }

    private RestartHistory newHistory() {
        return new RestartHistory(config.restart(), config.heartbeat().startDeadline(), master.random());
    }

    void disconnect(WorkerHandle worker) {
        changed = true;
        Slot slot = slots.get(worker.slot());
        if (slot != null && slot.current == worker) {
            close(slot);
        } else { // a replacement that is not wanted any more, or one that goes already
            lifecycle.leave(worker, new ExitReason.OnRequest());
        }
    }

    void kill(WorkerHandle worker) {
        changed = true;
        lifecycle.force(worker, new ExitReason.Killed());
    }

    void replace(WorkerHandle worker, CompletableFuture<Worker> future) {
        Slot slot = slots.get(worker.slot());
        if (slot == null || slot.current != worker || !worker.state().isLive() || slot.closing) {
            master.complete(() -> future.completeExceptionally(worker.cannotReplace()));
            return;
        }
        changed = true;
        if (worker.replacing.isEmpty()) {
            rollouts.replace(worker);
        }
        worker.replacing.add(future);
    }

    void reload(Program program, CompletableFuture<ReloadResult> future) {
        changed = true;
        rollouts.reload(program, future);
    }

    void scale(int workers, CompletableFuture<Void> future) {
        changed = true;
        rollouts.scale(workers, future);
    }

    void weigh(WorkerHandle worker) {
        Slot slot = slots.get(worker.slot());
        if (slot != null) {
            slot.weight = worker.weight();
        }
        lifecycle.admit(worker);
    }

    /** Disconnects everybody; the action follows when all of them have ended. Who is forked meanwhile is not waited for. */
    void disconnectAll(Runnable action) {
        changed = true;
        List.copyOf(slots.values()).forEach(this::close);
        Set<WorkerHandle> going = new HashSet<>(master.liveWorkers());
        going.removeIf(worker -> worker.reason == null); // its fork comes after this command
        departures.add(new Departure(going, action));
    }

    /** Disconnects everybody, and no fork follows; the action does when nobody is left. */
    void closeAll(Runnable action) {
        changed = true;
        closing = true;
        whenClosed = action;
        rollouts.close();
        master.incarnations().closePorts();
        List.copyOf(slots.values()).forEach(this::close);
    }

    /** Ends everybody by force, without waiting for deadlines. */
    void killAll() {
        master.liveWorkers().forEach(worker -> lifecycle.force(worker, new ExitReason.OnRequest()));
    }

    // ---- Reports ----

    void online(WorkerHandle worker) {
        lifecycle.online(worker);
    }

    void listening(WorkerHandle worker, InetSocketAddress address) {
        if (worker.state().isConnected()) {
            master.publish(new ClusterEvent.Listening(master.now(), worker, address));
        }
    }

    /** It asks for connections of one more port. */
    void serving(WorkerHandle worker) {
        changed = true; // it may be a port that the worker that it replaces waits for
        if (!config.readySignal()) {
            becomeReady(worker);
        }
    }

    void becomeReady(WorkerHandle worker) {
        changed |= worker.state() == WorkerState.ONLINE;
        lifecycle.becomeReady(worker);
        Slot slot = slots.get(worker.slot());
        if (slot != null && slot.replacement == worker) {
            takeOverIfComplete(slot);
        }
    }

    /**
     * A replacement that is ready takes over, unless the old worker serves a port that the replacement does not serve yet; then this is
     * asked again after each change, and when the time for it is up.
     */
    private void takeOverIfComplete(Slot slot) {
        WorkerHandle fresh = slot.replacement;
        if (fresh == null || fresh.state() != WorkerState.READY) {
            return;
        }
        WorkerHandle old = slot.current;
        Duration age = fresh.uptime(master.nanos());
        if (old == null || !old.state().isLive()
                || handover.awaited(fresh.codeVersion().version(), age, portsOf(old), portsOf(fresh)).isEmpty()) {
            takeOver(slot, fresh);
        } else if (slot.handover == null) {
            slot.handover = master.after(config.reload().readyWithin().minus(age), () -> {
                changed = true;
                slot.handover = null;
            });
        }
    }

    private static List<Handover.Port> portsOf(WorkerHandle worker) {
        Incarnation incarnation = worker.incarnation();
        return incarnation == null ? List.of() : incarnation.openPorts().stream().map(port -> new Handover.Port(
                port.address(), Duration.ofNanos(port.openedNanos() - worker.forkedNanos()), port.isServed(),
                port.mayBeShared())).toList();
    }

    /** The replacement is ready: it stands for the slot, and the old worker may go. */
    private void takeOver(Slot slot, WorkerHandle fresh) {
        WorkerHandle old = slot.current;
        boolean isOfNow = fresh.codeVersion() == master.codeVersion();
        Slot.Before before = isOfNow ? null : new Slot.Before(slot.history, slot.gaveUp);
        RestartHistory history = isOfNow ? slot.history : newHistory();
        slot.cancelTimer();
        master.publishCurrent(slot.number, fresh);
        if (old != null) {
            old.replacing.forEach(future -> master.complete(() -> future.complete(fresh)));
            old.replacing.clear();
            replaced(old, slot.overMemory != null ? slot.overMemory
                    : new ExitReason.Replaced("by worker " + fresh.id() + ", " + slot.why));
        }
        slot.current = fresh;
        slot.replacement = null;
        slot.before = before;
        slot.history = history;
        if (!isOfNow) { // what was wrong so far was wrong with the old code
            setGaveUp(slot, false);
        }
    }

    private void replaced(WorkerHandle old, ExitReason reason) {
        lifecycle.leave(old, reason);
        if (!old.replaced) {
            old.replaced = true;
            countIfOverMemory(old, reason);
        }
    }

    private void countIfOverMemory(WorkerHandle worker, ExitReason reason) {
        if (worker.reason == reason && reason instanceof ExitReason.OverMemory) {
            master.countMemoryRecycle();
        }
    }

    void missed(WorkerHandle worker, int missed, Duration silence) {
        if (worker.state().isLive()) {
            lifecycle.suspect(worker, true);
            master.publish(new ClusterEvent.HeartbeatMissed(master.now(), worker, missed, silence));
        }
    }

    /** A server of it takes no connection. It is no suspect for that: it may be busy, and its other servers are not concerned. */
    void stalled(WorkerHandle worker, int missed, Duration silence) {
        if (worker.state().isLive()) {
            master.publish(new ClusterEvent.HeartbeatMissed(master.now(), worker, missed, silence));
        }
    }

    void moving(WorkerHandle worker) {
        lifecycle.suspect(worker, false);
    }

    /** A zombie: it is killed. */
    void silent(WorkerHandle worker, Autopsy autopsy) {
        changed = true;
        if (worker.state().isLive()) {
            master.countZombie();
            master.publish(new ClusterEvent.BecameZombie(master.now(), worker, autopsy));
            lifecycle.force(worker, new ExitReason.Zombie(autopsy.silence(), autopsy));
        }
    }

    /**
     * It has too much memory: it is replaced in its turn, or, if there is no time for that, killed, even while it drains or stops. One that
     * serves drains for a moment before it is killed, so that short requests are answered. One that never got ready has nothing to lose by
     * its end, and none that takes its place would get ready either: what follows is decided as after any fault.
     */
    void overMemory(WorkerHandle worker, ExitReason.OverMemory reason, boolean now) {
        changed = true;
        if (now) {
            hurry(worker, reason);
            countIfOverMemory(worker, reason);
        } else if (worker.state() == WorkerState.READY) {
            Slot slot = slots.get(worker.slot());
            if (slot != null && slot.current == worker && !slot.closing
                    && worker.recycling.mayBegin(master.nanos())) {
                rollouts.recycle(worker, reason);
                worker.recycling.begun();
            }
        } else if (worker.state().isLive()) {
            lifecycle.leave(worker, reason);
            countIfOverMemory(worker, reason);
        }
    }

    void overThreads(WorkerHandle worker, ExitReason.OverThreads reason) {
        changed = true;
        lifecycle.force(worker, reason);
    }

    private void hurry(WorkerHandle worker, ExitReason.OverMemory reason) {
        if (worker.state() == WorkerState.READY) {
            var _ = master.after(GRACE, () -> lifecycle.force(worker, reason));
            lifecycle.leave(worker, reason);
        } else {
            lifecycle.force(worker, reason);
        }
    }

    void exiting(WorkerHandle worker, ExitReason reason, boolean halt) {
        changed = true;
        if (worker.state().isConnected()) {
            WorkerLifecycle.giveReason(worker, reason);
            lifecycle.stop(worker, halt);
        }
    }

    void drained(WorkerHandle worker) {
        lifecycle.drained(worker);
    }

    void stopped(WorkerHandle worker) {
        lifecycle.stopped(worker);
    }

    void ended(WorkerHandle worker, EndedWorker remains) {
        changed = true;
        Exit exit = lifecycle.ended(worker, remains);
        master.exited(worker, exit, remains);
        rollouts.ended(worker, exit, slots.values());
        departures.forEach(departure -> departure.workers.remove(worker));
        afterExit(worker, exit);
    }

    // ---- Who follows ----

    private void afterExit(WorkerHandle worker, Exit exit) {
        Slot slot = slots.get(worker.slot());
        if (slot == null) {
            return;
        }
        takeOverIfComplete(slot); // nothing is left that it could wait for
        if (slot.current == worker) {
            failReplacing(worker, exit);
            if (slot.replacement != null && slot.replacement.codeVersion() == master.codeVersion()) { // it is under way, and what would follow anyway
                setCurrent(slot, slot.replacement);
                slot.replacement = null;
                slot.before = null;
            } else {
                if (slot.before == null && !slot.closing) {
                    decide(slot, worker, exit);
                }
                if (slot.current == worker) {
                    setCurrent(slot, null);
                }
            }
        } else if (slot.replacement == worker) { // the one that it was to replace serves on
            if (slot.before != null && !slot.closing) { // the old code does not come back: as after any of its faults
                decide(slot, worker, exit);
            }
            slot.replacement = null;
        }
        removeIfDone(slot);
    }

    /** Tells those who wait for a worker in place of this one that none comes. */
    void failReplacing(WorkerHandle worker, Exit exit) {
        var failure = new WorkerExitedException("worker " + worker.id() + " of " + config.name() + " was not replaced: "
                + exit, exit);
        worker.replacing.forEach(future -> master.complete(() -> future.completeExceptionally(failure)));
        worker.replacing.clear();
    }

    private void decide(Slot slot, WorkerHandle worker, Exit exit) {
        if (worker.decision == null) {
            worker.decision = decisionOn(slot, worker, exit);
        }
        switch (worker.decision) {
            case Decision.Restart(Duration delay) when delay.isZero() -> restart(slot);
            case Decision.Restart(Duration delay) -> slot.timer = master.after(delay, () -> {
                changed = true;
                slot.timer = null;
                restart(slot);
            });
            case Decision.Close _ -> {
                forkExpected = config.restart().when() == RestartPolicy.When.NEVER;
                if (forkExpected) { // until everybody who listens has heard of the exit
                    master.complete(() -> master.submit(Slots::expectNoFork));
                }
                completed |= !forkExpected;
                close(slot);
            }
            case Decision.GiveUp(int restarts, Duration within) -> {
                if (slot.current != worker) {
                    detach(slot);
                }
                master.publish(new ClusterEvent.GaveUp(master.now(), slot.number, restarts, within, exit));
                setGaveUp(slot, true);
            }
        }
    }

    private Decision decisionOn(Slot slot, WorkerHandle worker, Exit exit) {
        if (isRecycled(worker, exit)) {
            return new Decision.Restart(Duration.ZERO);
        }
        if (!worker.wasReady && Shortage.isReasonOf(exit.reason())) {
            return slot.history.onShortage(exit.reason(), exit.code());
        }
        return slot.history.onExit(exit.reason(), exit.code(), exit.uptime(), master.nanos());
    }

    /** It has served, and had to go for want of memory: that is followed as a replacement would be, without delay, and is no failed start. */
    private boolean isRecycled(WorkerHandle worker, Exit exit) {
        return exit.reason() instanceof ExitReason.OverMemory && worker.wasReady
                && config.restart().when() != RestartPolicy.When.NEVER;
    }

    /** Those who have heard of the last exit have not forked. */
    private void expectNoFork() {
        changed |= forkExpected;
        forkExpected = false;
    }

    private void restart(Slot slot) {
        boolean isFilled = slot.current != null && slot.current.state() != WorkerState.EXITED;
        if (slot.before != null || isFilled) {
            return; // the rollout goes back by itself, with a replacement where there is somebody to replace
        }
        fill(slot, master.codeVersion());
        master.countRestart();
    }

    /** Puts a new worker into a slot that nobody stands for. */
    private void fill(Slot slot, CodeVersion codeVersion) {
        WorkerHandle fresh = newWorker(slot, codeVersion);
        master.publishCurrent(slot.number, fresh);
        master.enlist(fresh);
        slot.current = fresh;
    }

    /** In no slot yet, and not among those that live; where it is both, it is started as the next thing. */
    private WorkerHandle newWorker(Slot slot, CodeVersion codeVersion) {
        WorkerHandle fresh = master.newWorker(slot.number, slot.weight, codeVersion);
        fresh.env = envOf(slot);
        return fresh;
    }

    private void setGaveUp(Slot slot, boolean down) {
        if (slot.gaveUp != down) {
            slot.gaveUp = down;
            gaveUp += down ? 1 : -1;
        }
    }

    /** Nobody stands for the slot from now on; one who has done so, with code that is not wanted any more, may finish. */
    private void detach(Slot slot) {
        WorkerHandle old = slot.current;
        if (old != null) {
            old.replacing.forEach(future -> master.complete(() -> future.completeExceptionally(old.cannotReplace())));
            old.replacing.clear();
            replaced(old, new ExitReason.Replaced("by nobody: the slot stays down, as it was before the reload"));
        }
        slot.before = null;
        setCurrent(slot, null);
    }

    // ---- Steps of a rollout ----

    /** Forks a worker that takes the place of the slot's when it is ready; or, in a slot to be filled again with the code of now, at once. */
    void forkReplacement(int number, CodeVersion codeVersion, String why, ExitReason.@Nullable OverMemory overMemory) {
        Slot slot = slotOf(number);
        slot.why = why;
        slot.overMemory = overMemory;
        if (slot.current == null && codeVersion == master.codeVersion()) {
            fill(slot, codeVersion);
            slot.before = null;
        } else {
            if (slot.current != null) {
                master.publish(new ClusterEvent.Replacing(master.now(), slot.current, why));
            }
            WorkerHandle fresh = newWorker(slot, codeVersion);
            master.enlist(fresh);
            slot.replacement = fresh;
        }
    }

    void dropReplacement(int number) {
        WorkerHandle late = slotOf(number).replacement;
        if (late != null) {
            lifecycle.force(late, new ExitReason.Killed());
        }
    }

    /**
     * Ends what is on the way to this version and restores what held before it. The one that failed, if it does not end by
     * itself, is ended by force.
     */
    void goBack(long version, long failed) {
        for (Slot slot : List.copyOf(slots.values())) {
            WorkerHandle fresh = slot.replacement;
            if (fresh != null && fresh.codeVersion().version() == version) {
                if (fresh.id() == failed && fresh.reason == null) { // not ready in time
                    lifecycle.force(fresh, new ExitReason.Killed());
                } else {
                    lifecycle.leave(fresh, new ExitReason.OnRequest());
                }
                slot.replacement = null;
            }
            if (slot.before != null) {
                slot.history = slot.before.history();
                if (slot.before.gaveUp() && !slot.closing) {
                    detach(slot);
                    setGaveUp(slot, true);
                }
            }
            removeIfDone(slot);
        }
    }

    /** What slots have got, they keep. */
    void commit() {
        slots.values().forEach(slot -> slot.before = null);
    }

    void open() {
        if (opening == null) {
            opening = master.newSlot();
        }
        fork(opening, Map.of());
        opening = null;
    }

    void close(int number) {
        close(slotOf(number));
    }

    /** After a reload: a port that no worker has, although all are ready, is one that the code opens no more; who connects to it waits in vain. */
    void closeDroppedPorts() {
        if (lifecycle.ready() >= slots.size()) {
            master.incarnations().closeUnusedPorts();
        }
    }

    private Slot slotOf(int number) {
        return requireNonNull(slots.get(number), "a step is about a slot that there is");
    }

    /** Nothing follows in this slot; who is in it may finish. */
    private void close(Slot slot) {
        slot.closing = true;
        slot.cancelTimer();
        if (!closing && isLast(slot)) { // before they leave: else who connects now would wait for nothing
            master.incarnations().suspendPorts();
        }
        if (slot.replacement != null) {
            lifecycle.leave(slot.replacement, new ExitReason.OnRequest());
        }
        if (slot.current != null) {
            lifecycle.leave(slot.current, new ExitReason.OnRequest());
        }
        removeIfDone(slot);
    }

    private void removeIfDone(Slot slot) {
        if (slot.closing && slot.current == null && slot.replacement == null && slots.get(slot.number) == slot) {
            master.slotClosed(slot.number);
            slots.remove(slot.number);
            setGaveUp(slot, false);
        }
    }

    private void setCurrent(Slot slot, @Nullable WorkerHandle worker) {
        master.publishCurrent(slot.number, worker);
        slot.current = worker;
    }

    /** To be done after every command: what workers are to get they have got, and what follows from all that has happened is done. */
    void settle() {
        lifecycle.settleAll();
        if (changed) {
            goOn();
            changed = false;
        }
    }

    /** Starts those that a step has made. */
    void startFresh() {
        lifecycle.settleAll();
    }

    /** It is time to look at what is planned. */
    void look() {
        changed = true;
    }

    /** Goes on with what is planned, tells those who wait what holds now, and does what is to be done when nothing is left. */
    private void goOn() {
        slots.values().forEach(this::takeOverIfComplete);
        rollouts.advance(slots.values());
        boolean nothingRuns = master.liveWorkers().isEmpty();
        boolean nothingWillRun = slots.values().stream().allMatch(slot -> slot.gaveUp);
        boolean over = nothingRuns && nothingWillRun && (gaveUp > 0 || (completed && slots.isEmpty()));
        master.publishReadiness(lifecycle.ready(), slots.size(), gaveUp, over);
        rollouts.tell();
        if (nothingRuns && nothingWillRun && !forkExpected) {
            master.incarnations().closeUnusedPorts();
        }
        depart();
        if (whenClosed != null && nothingRuns && slots.isEmpty()) {
            whenClosed.run();
            whenClosed = null;
        }
    }

    /** Whether everybody leaves with those who are in this slot, which closes, and none will follow unless somebody forks one. */
    private boolean isLast(Slot closing) {
        List<WorkerHandle> live = master.liveWorkers().stream().filter(worker -> worker.state().isLive()).toList();
        return !live.isEmpty() && live.stream().allMatch(worker -> slots.get(worker.slot()) == closing)
                && slots.values().stream().allMatch(slot -> slot.gaveUp || slot.closing);
    }

    private void depart() {
        departures.removeIf(departure -> {
            boolean isComplete = departure.workers.isEmpty();
            if (isComplete) {
                departure.action.run();
            }
            return isComplete;
        });
    }
}
