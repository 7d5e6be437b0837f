package dev.corral.master;

import static java.util.Objects.requireNonNull;

import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.WorkerExitedException;
import dev.corral.supervision.RestartHistory;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one cluster, and the operations on them that commands, ends of workers and rollouts have in common:
 * open, fill, leave empty and close a slot. Belongs to the master's thread.
 */
final class Slots {
    private final MasterServices services;
    private final Registry registry;
    private final ClusterConfig config;
    private final Runnable requestAdvance;
    private final Map<Integer, Slot> slots = new TreeMap<>();
    /** How many slots were opened. */
    private long opened;
    /** How many slots have given up. */
    private int gaveUp;
    /** Whether the cluster closes: no slot opens any more. */
    private boolean closing;
    /**
     * Whether the last slot closed by a fault under a policy by which the embedding program forks again itself, and its
     * listeners have not all received the exit.
     */
    private boolean forkExpected;

    /**
     * Creates the slots of a cluster that has none.
     *
     * @param requestAdvance requests that what follows from a change is done at the end of the command
     */
    Slots(MasterServices services, Registry registry, Runnable requestAdvance) {
        this.services = services;
        this.registry = registry;
        this.config = services.config();
        this.requestAdvance = requestAdvance;
    }

    // ---- What there is ----

    @Nullable
    Slot get(int number) {
        return slots.get(number);
    }

    Slot require(int number) {
        return requireNonNull(slots.get(number), "a step is about a slot that exists");
    }

    /** Returns the slots in the order of their numbers, as a view. */
    Collection<Slot> all() {
        return slots.values();
    }

    int count() {
        return slots.size();
    }

    int gaveUp() {
        return gaveUp;
    }

    /** Returns whether no slot will get another worker by itself. True if there is no slot. */
    boolean haveAllGivenUp() {
        return slots.values().stream().allMatch(slot -> slot.gaveUp);
    }

    // ---- Workers ----

    /** Starts the worker of a fork, in its slot or in a new one. */
    void fork(WorkerHandle worker, Map<String, String> env) {
        Slot slot = slots.get(worker.slot());
        if (slot == null) {
            slot = new Slot(worker.slot(), opened, env, newHistory());
            slots.put(slot.number, slot);
            opened++; // order: put before count
        }
        setCurrent(slot, worker);
        forkExpected = false;
        if (!worker.lifecycle().isPrepared()) {
            worker.lifecycle().prepare(envOf(slot), registry.codeVersion());
        }
        if (closing) { // close() was called at the same time as fork()
            slot.closing = true;
            worker.lifecycle().refuse();
        } else {
            worker.lifecycle().reconcile();
        }
    }

    /** Returns a history without faults. */
    RestartHistory newHistory() {
        return new RestartHistory(config.restart(), config.heartbeat().startDeadline(), services.random());
    }

    private Map<String, String> envOf(Slot slot) {
        Map<String, String> env = new HashMap<>(config.env());
        env.putAll(slot.env);
        return env;
    }

    /** Puts a new worker into a slot that has no current one. */
    void fill(Slot slot, CodeVersion code) {
        WorkerHandle fresh = newWorker(slot, code);
        registry.setCurrent(slot.number, fresh);
        registry.enlist(fresh);
        slot.current = fresh; // order: publish before advance
    }

    /** Creates a worker for this slot. It starts after it was enlisted and has its place in the slot. */
    WorkerHandle newWorker(Slot slot, CodeVersion code) {
        WorkerHandle fresh = registry.newWorker(slot.number, slot.weight, code);
        fresh.lifecycle().prepare(envOf(slot), code);
        return fresh;
    }

    void setCurrent(Slot slot, @Nullable WorkerHandle worker) {
        registry.setCurrent(slot.number, worker);
        slot.current = worker; // order: publish before advance
    }

    /** Starts workers that were created, and fulfils what the states of all others require. */
    void reconcileAll() {
        for (WorkerHandle worker : registry.live()) {
            worker.lifecycle().reconcile();
        }
    }

    /** Lets a worker leave whose place is taken, or stays empty. */
    void retire(WorkerHandle old, ExitReason reason) {
        old.lifecycle().leave(reason);
        if (!old.supervision().replaced) {
            old.supervision().replaced = true;
            countIfOverMemory(old, reason);
        }
    }

    /** Counts a worker that ends for this reason, if that is an excess of memory. */
    void countIfOverMemory(WorkerHandle worker, ExitReason reason) {
        if (worker.lifecycle().reason() == reason && reason instanceof ExitReason.OverMemory) {
            registry.countMemoryRecycle();
        }
    }

    /** Completes the calls of {@code replace} for this worker: no other worker comes in its place. */
    void failReplaceCalls(WorkerHandle worker, Exit exit) {
        var failure = new WorkerExitedException("worker " + worker.id() + " of " + config.name() + " was not replaced: "
                + exit, exit);
        completeReplaceCalls(worker, () -> failure);
    }

    private void completeReplaceCalls(WorkerHandle worker, Supplier<RuntimeException> failure) {
        worker.supervision().replaceCalls.forEach(
                future -> services.events().complete(() -> future.completeExceptionally(failure.get())));
        worker.supervision().replaceCalls.clear(); // order: complete before clear
    }

    // ---- Empty slots ----

    void setGaveUp(Slot slot, boolean down) {
        if (slot.gaveUp != down) {
            slot.gaveUp = down;
            gaveUp += down ? 1 : -1;
        }
    }

    /**
     * Leaves a slot without a current worker. One that has been current, with code that is not wanted any more, may
     * finish.
     */
    void detach(Slot slot) {
        WorkerHandle old = slot.current;
        if (old != null) {
            completeReplaceCalls(old, old::cannotReplace);
            retire(old, new ExitReason.Replaced("by nobody: the slot stays down, as it was before the reload"));
        }
        slot.before = null;
        setCurrent(slot, null);
    }

    /** Lets the slot give up after a fault of the worker. */
    void giveUp(Slot slot, WorkerHandle worker, ClusterEvent.GaveUp event) {
        if (slot.current != worker) {
            detach(slot);
        }
        services.events().publish(event);
        setGaveUp(slot, true); // order: publish before advance
    }

    /** Closes a slot: no worker follows, and those in it may finish. */
    void close(Slot slot) {
        slot.closing = true;
        slot.cancelTimer();
        if (!closing && isLast(slot)) { // order: suspend before leave, so that no client connects and waits in vain
            services.incarnations().suspendPorts();
        }
        if (slot.replacement != null) {
            slot.replacement.lifecycle().leave(new ExitReason.OnRequest());
        }
        if (slot.current != null) {
            slot.current.lifecycle().leave(new ExitReason.OnRequest());
        }
        removeIfDone(slot);
    }

    void closeAll() {
        List.copyOf(slots.values()).forEach(this::close);
    }

    /** Lets no slot open any more. */
    void closeForGood() {
        closing = true;
    }

    void removeIfDone(Slot slot) {
        if (slot.closing && slot.current == null && slot.replacement == null && slots.get(slot.number) == slot) {
            registry.slotClosed(slot.number);
            slots.remove(slot.number); // order: publish before advance
            setGaveUp(slot, false);
        }
    }

    /** Returns whether all live workers are in this slot, which closes, and no other slot will get one by itself. */
    private boolean isLast(Slot slot) {
        List<WorkerHandle> live = registry.live().stream().filter(worker -> worker.state().isLive()).toList();
        return !live.isEmpty() && live.stream().allMatch(worker -> slots.get(worker.slot()) == slot)
                && slots.values().stream().allMatch(each -> each.gaveUp || each.closing);
    }

    // ---- Forks of the embedding program ----

    boolean isForkExpected() {
        return forkExpected;
    }

    /** Expects that the embedding program forks, until all its listeners have received the exit. */
    void expectFork() {
        forkExpected = true;
        services.events().complete(() -> services.loop().submit(this::expectNoFork));
    }

    private void expectNoFork() {
        if (forkExpected) {
            requestAdvance.run();
        }
        forkExpected = false;
    }
}
