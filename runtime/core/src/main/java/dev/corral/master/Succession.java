package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import dev.corral.WorkerState;
import dev.corral.report.Shortage;
import dev.corral.supervision.RestartHistory.Decision;
import java.time.Duration;

/**
 * The decision what follows the end of a worker in its slot: another worker, at once or after a delay, or none. Belongs
 * to the master's thread.
 */
final class Succession {
    private final MasterServices services;
    private final Registry registry;
    private final Slots slots;
    private final TakeOver takeOver;
    private final Runnable requestAdvance;
    private final RestartPolicy policy;
    /** Whether a slot has closed because its program had completed. */
    private boolean completed;

    /**
     * Creates the decision for the slots of one cluster.
     *
     * @param requestAdvance requests that what follows from a change is done at the end of the command
     */
    Succession(MasterServices services, Registry registry, Slots slots, TakeOver takeOver, Runnable requestAdvance) {
        this.services = services;
        this.registry = registry;
        this.slots = slots;
        this.takeOver = takeOver;
        this.requestAdvance = requestAdvance;
        this.policy = services.config().restart();
    }

    boolean hasCompleted() {
        return completed;
    }

    /** Decides what follows the end of this worker, and begins it. */
    void afterExit(WorkerHandle worker, Exit exit) {
        Slot slot = slots.get(worker.slot());
        if (slot == null) {
            return;
        }
        takeOver.ifComplete(slot); // a replacement that is ready has nothing left to wait for
        if (slot.current == worker) {
            slots.failReplaceCalls(worker, exit);
            afterCurrent(slot, worker, exit);
        } else if (slot.replacement == worker) { // the current worker keeps serving
            if (slot.before != null && !slot.closing) { // the old code does not come back: this is a fault
                decide(slot, worker, exit);
            }
            slot.replacement = null;
        }
        slots.removeIfDone(slot);
    }

    private void afterCurrent(Slot slot, WorkerHandle worker, Exit exit) {
        WorkerHandle replacement = slot.replacement;
        if (replacement != null && replacement.codeVersion() == registry.codeVersion()) { // it is on the way
            slots.setCurrent(slot, replacement);
            slot.replacement = null;
            slot.before = null;
            return;
        }
        if (slot.before == null && !slot.closing) {
            decide(slot, worker, exit);
        }
        if (slot.current == worker) {
            slots.setCurrent(slot, null);
        }
    }

    private void decide(Slot slot, WorkerHandle worker, Exit exit) {
        SupervisionState supervision = worker.supervision();
        if (supervision.decision == null) { // order: note before carry out, because the history counts each question
            supervision.decision = decisionOn(slot, worker, exit);
        }
        switch (supervision.decision) {
            case Decision.Restart(Duration delay) when delay.isZero() -> restart(slot);
            case Decision.Restart(Duration delay) -> slot.timer = services.loop().after(delay, () -> {
                requestAdvance.run();
                slot.timer = null;
                restart(slot);
            });
            case Decision.Close _ -> {
                if (policy.when() == RestartPolicy.When.NEVER) {
                    slots.expectFork();
                } else {
                    completed = true;
                }
                slots.close(slot);
            }
            case Decision.GiveUp(int restarts, Duration within) -> slots.giveUp(slot, worker,
                    new ClusterEvent.GaveUp(services.clock().now(), slot.number, restarts, within, exit));
        }
    }

    private Decision decisionOn(Slot slot, WorkerHandle worker, Exit exit) {
        if (isRecycled(worker, exit)) {
            return new Decision.Restart(Duration.ZERO);
        }
        if (!worker.lifecycle().wasReady() && Shortage.isReasonOf(exit.reason())) {
            return slot.history.onShortage(exit.reason(), exit.code());
        }
        return slot.history.onExit(exit.reason(), exit.code(), exit.uptime(), services.clock().nanos());
    }

    /**
     * Returns whether the worker has served, and ended because of its memory. It is followed without delay, as by a
     * replacement, and its end is no failed start.
     */
    private boolean isRecycled(WorkerHandle worker, Exit exit) {
        return exit.reason() instanceof ExitReason.OverMemory && worker.lifecycle().wasReady()
                && policy.when() != RestartPolicy.When.NEVER;
    }

    private void restart(Slot slot) {
        boolean isFilled = slot.current != null && slot.current.state() != WorkerState.EXITED;
        if (slot.before != null || isFilled) {
            return; // the rollout goes back by itself, with a replacement if there is a worker to replace
        }
        slots.fill(slot, registry.codeVersion());
        registry.countRestart();
    }
}
