package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.ExitReason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the steps of rollouts: each method is one kind of {@link dev.corral.rollout.Step}. {@link Rollouts}
 * decides when. Belongs to the master's thread.
 */
final class RolloutExecutor {
    private final MasterServices services;
    private final Registry registry;
    private final Slots slots;
    /** The first worker of a slot that is being opened; null between two such steps. */
    private @Nullable WorkerHandle opening;

    RolloutExecutor(MasterServices services, Registry registry, Slots slots) {
        this.services = services;
        this.registry = registry;
        this.slots = slots;
    }

    /**
     * Forks a worker that takes the place of the slot's current one when it is ready. An empty slot gets it at once, if
     * it is to run the current code.
     *
     * @param overMemory the excess of memory of the current worker; null if it is replaced for another reason
     */
    void replace(int number, CodeVersion code, String why, ExitReason.@Nullable OverMemory overMemory) {
        Slot slot = slots.require(number);
        slot.why = why;
        slot.overMemory = overMemory;
        if (slot.current == null && code == registry.codeVersion()) {
            slots.fill(slot, code);
            slot.before = null;
        } else {
            if (slot.current != null) {
                services.events().publish(
                        new ClusterEvent.Replacing(services.clock().now(), slot.current, why, overMemory != null));
            }
            WorkerHandle fresh = slots.newWorker(slot, code);
            registry.enlist(fresh);
            slot.replacement = fresh; // order: publish before advance
        }
    }

    /** Kills the replacement of a slot: it is not ready in time. */
    void drop(int number) {
        WorkerHandle late = slots.require(number).replacement;
        if (late != null) {
            late.lifecycle().kill(new ExitReason.Killed());
        }
    }

    /**
     * Ends the workers that are on the way to a version, and restores the state before it.
     *
     * @param failed the id of the worker that has made the rollout fail; it is killed if it does not end by itself
     */
    void goBack(long version, long failed) {
        for (Slot slot : List.copyOf(slots.all())) {
            WorkerHandle fresh = slot.replacement;
            if (fresh != null && fresh.codeVersion().version() == version) {
                if (fresh.id() == failed && fresh.lifecycle().reason() == null) { // not ready in time
                    fresh.lifecycle().kill(new ExitReason.Killed());
                } else {
                    fresh.lifecycle().leave(new ExitReason.OnRequest());
                }
                slot.replacement = null;
            }
            if (slot.before != null) {
                slot.history = slot.before.history();
                if (slot.before.gaveUp() && !slot.closing) {
                    slots.detach(slot);
                    slots.setGaveUp(slot, true);
                }
            }
            slots.removeIfDone(slot);
        }
    }

    /** Makes a version the one that new workers run. Slots keep what they have. */
    void commit(CodeVersion code) {
        registry.setCodeVersion(code);
        slots.all().forEach(slot -> slot.before = null);
    }

    /** Opens one more slot. */
    void open() {
        if (opening == null) {
            opening = registry.newSlot();
        }
        slots.fork(opening, Map.of());
        opening = null; // order: fork before advance
    }

    void close(int number) {
        slots.close(slots.require(number));
    }

    /**
     * Closes ports after a reload that no worker uses although all workers are ready. The new code does not open them,
     * and a client that connects would wait in vain.
     */
    void closeDroppedPorts() {
        if (registry.ready() >= slots.count()) {
            services.incarnations().closeUnusedPorts();
        }
    }
}
