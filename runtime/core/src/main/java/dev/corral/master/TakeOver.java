package dev.corral.master;

import dev.corral.ExitReason;
import dev.corral.WorkerState;
import dev.corral.rollout.Handover;
import dev.corral.supervision.RestartHistory;
import dev.corral.worker.Incarnation;
import java.time.Duration;
import java.util.List;

/** The moment at which a ready replacement becomes the current worker of its slot. Belongs to the master's thread. */
final class TakeOver {
    private final MasterServices services;
    private final Registry registry;
    private final Slots slots;
    private final Runnable requestAdvance;
    private final Duration readyWithin;
    private final Handover handover;

    /**
     * Creates the decision for the slots of one cluster.
     *
     * @param requestAdvance requests that what follows from a change is done at the end of the command
     */
    TakeOver(MasterServices services, Registry registry, Slots slots, Runnable requestAdvance) {
        this.services = services;
        this.registry = registry;
        this.slots = slots;
        this.requestAdvance = requestAdvance;
        this.readyWithin = services.config().reload().readyWithin();
        this.handover = new Handover(readyWithin);
    }

    /**
     * Lets a ready replacement take over, unless the old worker serves a port that the replacement does not serve yet.
     * In that case the caller asks again after each change, and a timer requests it when the time for it is up.
     */
    void ifComplete(Slot slot) {
        WorkerHandle fresh = slot.replacement;
        if (fresh == null || fresh.state() != WorkerState.READY) {
            return;
        }
        WorkerHandle old = slot.current;
        Duration age = fresh.uptime(services.clock().nanos());
        if (old == null || !old.state().isLive()
                || handover.awaited(fresh.codeVersion().version(), age, portsOf(old), portsOf(fresh)).isEmpty()) {
            takeOver(slot, fresh);
        } else if (slot.handover == null) {
            slot.handover = services.loop().after(readyWithin.minus(age), () -> {
                requestAdvance.run();
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

    private void takeOver(Slot slot, WorkerHandle fresh) {
        WorkerHandle old = slot.current;
        boolean hasCurrentCode = fresh.codeVersion() == registry.codeVersion();
        Slot.Before before = hasCurrentCode ? null : new Slot.Before(slot.history, slot.gaveUp);
        RestartHistory history = hasCurrentCode ? slot.history : slots.newHistory(); // order: allocate before change
        slot.cancelTimer();
        registry.setCurrent(slot.number, fresh);
        if (old != null) {
            old.supervision().replaceCalls.forEach(
                    future -> services.events().complete(() -> future.complete(fresh)));
            old.supervision().replaceCalls.clear(); // order: complete before clear
            slots.retire(old, slot.overMemory != null ? slot.overMemory
                    : new ExitReason.Replaced("by worker " + fresh.id() + ", " + slot.why));
        }
        slot.current = fresh; // order: publish before advance; from here on nothing allocates
        slot.replacement = null;
        slot.before = before;
        slot.history = history;
        if (!hasCurrentCode) { // the faults so far were faults of the old code
            slots.setGaveUp(slot, false);
        }
    }
}
