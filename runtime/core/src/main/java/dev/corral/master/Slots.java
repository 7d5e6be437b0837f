package dev.corral.master;

import dev.corral.Autopsy;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.supervision.RestartHistory;
import dev.corral.supervision.RestartHistory.Decision;
import dev.corral.worker.Remains;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * All slots of a cluster and who follows whom in them. Belongs to the master's thread: every method is a command, a report of
 * an incarnation, or a timer, and none waits.
 */
final class Slots {
    /** How long a replacement has to become ready. */
    static final Duration REPLACEMENT_DEADLINE = Duration.ofSeconds(30);

    private final Master master;
    private final ClusterConfig config;
    private final Passage passage;
    private final Map<Integer, Slot> slots = new TreeMap<>();
    /** What is to be done when no slot is left. */
    private final List<Runnable> whenEmpty = new ArrayList<>();
    private int gaveUp;
    /** Whether a slot has closed because its program was done. */
    private boolean completed;
    /** Whether the last slot closed by a fault under a policy by which the embedding program forks again itself. */
    private boolean forkExpected;
    private boolean closing;

    Slots(Master master) {
        this.master = master;
        this.config = master.config();
        this.passage = new Passage(master);
    }

    // ---- Commands ----

    void fork(MasterWorker worker, Map<String, String> env) {
        var slot = new Slot(worker.slot(), env, new RestartHistory(config.restart(), master.random()));
        setCurrent(slot, worker);
        slots.put(slot.number, slot);
        forkExpected = false;
        if (closing) { // the fork was called while close was
            slot.closing = true;
            passage.refuse(worker);
        } else {
            start(worker, slot);
        }
        publish();
    }

    void disconnect(MasterWorker worker) {
        Slot slot = slots.get(worker.slot());
        if (slot != null && slot.current == worker) {
            close(slot);
        } else { // a replacement that is not wanted any more, or one that goes already
            passage.leave(worker, new ExitReason.OnRequest());
        }
        publish();
    }

    void kill(MasterWorker worker) {
        passage.force(worker, new ExitReason.Killed());
        publish();
    }

    void replace(MasterWorker worker, String why, CompletableFuture<Worker> future) {
        Slot slot = slots.get(worker.slot());
        if (slot == null || slot.current != worker || !worker.state().isLive() || slot.closing) {
            master.complete(() -> future.completeExceptionally(worker.cannotReplace()));
            return;
        }
        worker.replacing.add(future);
        if (slot.replacement == null) {
            master.publish(new ClusterEvent.Replacing(master.now(), worker, why));
            MasterWorker fresh = master.newWorker(slot.number, slot.weight);
            slot.replacement = fresh;
            slot.timer = master.after(REPLACEMENT_DEADLINE, () -> tooLate(slot, fresh));
            start(fresh, slot);
            publish();
        }
    }

    private void tooLate(Slot slot, MasterWorker replacement) {
        if (slot.replacement == replacement) {
            kill(replacement);
        }
    }

    void weigh(MasterWorker worker) {
        Slot slot = slots.get(worker.slot());
        if (slot != null) {
            slot.weight = worker.weight();
        }
        passage.admit(worker);
    }

    /** Disconnects everybody; the action follows when no slot is left. */
    void disconnectAll(Runnable action) {
        whenEmpty.add(action);
        List.copyOf(slots.values()).forEach(this::close);
        publish();
    }

    /** As {@link #disconnectAll}, and no fork follows. */
    void closeAll(Runnable action) {
        closing = true;
        master.incarnations().closePorts();
        disconnectAll(action);
    }

    /** Ends everybody by force, without waiting for deadlines. */
    void killAll() {
        master.liveWorkers().forEach(worker -> passage.force(worker, new ExitReason.OnRequest()));
    }

    // ---- Reports ----

    void online(MasterWorker worker) {
        passage.online(worker);
    }

    void listening(MasterWorker worker, InetSocketAddress address) {
        if (worker.state().isConnected()) {
            master.publish(new ClusterEvent.Listening(master.now(), worker, address));
        }
        if (!config.readySignal()) {
            becomeReady(worker);
        }
    }

    void becomeReady(MasterWorker worker) {
        if (passage.becomeReady(worker)) {
            Slot slot = slots.get(worker.slot());
            if (slot != null && slot.replacement == worker) {
                takeOver(slot, worker);
            }
            publish();
        }
    }

    /** The replacement is ready: it stands for the slot, and the old worker may go. */
    private void takeOver(Slot slot, MasterWorker fresh) {
        slot.cancelTimer();
        slot.replacement = null;
        MasterWorker old = slot.current;
        setCurrent(slot, fresh);
        if (old != null) {
            old.replacing.forEach(future -> master.complete(() -> future.complete(fresh)));
            old.replacing.clear();
            passage.leave(old, new ExitReason.Replaced("by worker " + fresh.id()));
        }
    }

    void missed(MasterWorker worker, int missed, Duration silence) {
        if (worker.state().isLive()) {
            passage.suspect(worker, true);
            master.publish(new ClusterEvent.HeartbeatMissed(master.now(), worker, missed, silence));
        }
    }

    void moving(MasterWorker worker) {
        passage.suspect(worker, false);
    }

    /** A zombie: it is killed. */
    void silent(MasterWorker worker, Autopsy autopsy) {
        if (worker.state().isLive()) {
            master.countZombie();
            master.publish(new ClusterEvent.BecameZombie(master.now(), worker, autopsy));
            passage.force(worker, new ExitReason.Zombie(autopsy.silence(), autopsy));
            publish();
        }
    }

    void exiting(MasterWorker worker, ExitReason reason, boolean halt) {
        if (worker.state().isConnected()) {
            Passage.giveReason(worker, reason);
            passage.stop(worker, halt);
            publish();
        }
    }

    void drained(MasterWorker worker) {
        passage.drained(worker);
    }

    void ended(MasterWorker worker, Remains remains) {
        Exit exit = passage.ended(worker, remains);
        master.exited(worker, exit, remains);
        afterExit(worker, exit);
        publish();
    }

    // ---- Who follows ----

    private void start(MasterWorker worker, Slot slot) {
        Map<String, String> env = new HashMap<>(config.env());
        env.putAll(slot.env);
        passage.start(worker, env);
    }

    private void afterExit(MasterWorker worker, Exit exit) {
        Slot slot = slots.get(worker.slot());
        if (slot == null) {
            return;
        }
        if (slot.replacement == worker) { // the one that it was to replace serves on
            slot.replacement = null;
            slot.cancelTimer();
            if (slot.current != null) {
                failReplacing(slot.current, exit);
            }
        } else if (slot.current == worker) {
            if (slot.replacement != null) { // is under way, and stands for the slot from now on
                slot.cancelTimer();
                failReplacing(worker, exit);
            }
            setCurrent(slot, slot.replacement);
            slot.replacement = null;
            if (slot.current == null && !slot.closing) {
                decide(slot, exit);
            }
        }
        removeIfDone(slot);
    }

    private void failReplacing(MasterWorker worker, Exit exit) {
        var failure = new WorkerExitedException("worker " + worker.id() + " of " + config.name() + " was not replaced: "
                + exit, exit);
        worker.replacing.forEach(future -> master.complete(() -> future.completeExceptionally(failure)));
        worker.replacing.clear();
    }

    private void decide(Slot slot, Exit exit) {
        switch (slot.history.onExit(exit.reason(), exit.code(), exit.uptime(), master.nanos())) {
            case Decision.Restart(Duration delay) when delay.isZero() -> restart(slot);
            case Decision.Restart(Duration delay) -> slot.timer = master.after(delay, () -> restart(slot));
            case Decision.Close _ -> {
                forkExpected = config.restart().when() == RestartPolicy.When.NEVER;
                completed |= !forkExpected;
                slot.closing = true;
            }
            case Decision.GiveUp(int restarts) -> {
                slot.gaveUp = true;
                gaveUp++;
                master.publish(
                        new ClusterEvent.GaveUp(master.now(), slot.number, restarts, config.restart().within(), exit));
            }
        }
    }

    private void restart(Slot slot) {
        slot.timer = null;
        MasterWorker worker = master.newWorker(slot.number, slot.weight);
        setCurrent(slot, worker);
        master.countRestart();
        start(worker, slot);
        publish();
    }

    /** Nothing follows in this slot; who is in it may finish. */
    private void close(Slot slot) {
        slot.closing = true;
        slot.cancelTimer();
        if (slot.replacement != null) {
            passage.leave(slot.replacement, new ExitReason.OnRequest());
        }
        if (slot.current != null) {
            passage.leave(slot.current, new ExitReason.OnRequest());
        }
        removeIfDone(slot);
    }

    private void removeIfDone(Slot slot) {
        if (slot.closing && slot.current == null && slot.replacement == null && slots.remove(slot.number, slot)) {
            if (slot.gaveUp) {
                gaveUp--;
            }
            master.slotClosed(slot.number);
        }
    }

    private void setCurrent(Slot slot, @Nullable MasterWorker worker) {
        slot.current = worker;
        master.publishCurrent(slot.number, worker);
    }

    /** Tells those who wait what holds now, and does what is to be done when nothing is left. */
    private void publish() {
        boolean nothingRuns = master.liveWorkers().isEmpty();
        boolean nothingWillRun = slots.values().stream().allMatch(slot -> slot.gaveUp);
        boolean over = nothingRuns && nothingWillRun && (gaveUp > 0 || (completed && slots.isEmpty()));
        master.publishReadiness(passage.ready(), slots.size(), gaveUp, over);
        if (nothingRuns && nothingWillRun && !forkExpected) {
            master.incarnations().closeUnusedPorts();
        }
        if (nothingRuns && slots.isEmpty()) {
            List<Runnable> actions = List.copyOf(whenEmpty);
            whenEmpty.clear();
            actions.forEach(Runnable::run);
        }
    }
}
