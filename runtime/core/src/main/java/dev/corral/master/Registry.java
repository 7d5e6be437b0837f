package dev.corral.master;

import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerState;
import dev.corral.balance.GuardedBalancer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one cluster as all threads see them: those that live, the current one of each slot, those that
 * messages go to, and the counters of the cluster. It also assigns numbers to workers, slots and versions of the code.
 *
 * <p>Any thread may read, and any thread may create a slot. Only the master's thread calls the other methods that
 * write.
 */
final class Registry {
    private final MasterServices services;
    private final Function<WorkerHandle, WorkerCommands> commands;
    /** Workers from their fork to their exit. The thread that forks adds a worker; the master's thread removes it. */
    private final ConcurrentSkipListMap<Long, WorkerHandle> live = new ConcurrentSkipListMap<>();
    /** The current worker of each slot that has one. The thread that creates the slot writes its first entry. */
    private final Map<Integer, WorkerHandle> current = new ConcurrentHashMap<>();
    /** Workers that messages go to, in the order of their slots. The master's thread replaces the list. */
    private volatile List<Worker> admitted = List.of();
    /** The code that new workers run. Written by the master's thread. */
    private volatile CodeVersion codeVersion;
    private final SlotNumbers slotNumbers = new SlotNumbers();
    private final AtomicLong workerIds = new AtomicLong();
    private final AtomicLong versions = new AtomicLong();
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicLong zombies = new AtomicLong();
    private final AtomicLong memoryRecycles = new AtomicLong();
    private final AtomicLong reloads = new AtomicLong();

    /**
     * Creates the registry of a cluster without workers.
     *
     * @param program the code that workers run at first
     * @param commands returns what carries commands and reports about a new worker to the master's thread
     */
    Registry(MasterServices services, Program program, Function<WorkerHandle, WorkerCommands> commands) {
        this.services = services;
        this.commands = commands;
        this.codeVersion = newCodeVersion(program);
    }

    // ---- Workers ----

    /** Creates a worker that is not live yet. The caller passes it to {@link #enlist}, or drops it. */
    WorkerHandle newWorker(int slot, int weight, CodeVersion code) {
        return new WorkerHandle(services, this, commands, workerIds.incrementAndGet(), slot, code, weight);
    }

    /** Adds a worker to the live ones. It stays there until {@link #remove}. */
    void enlist(WorkerHandle worker) {
        live.put(worker.key(), worker);
    }

    boolean isLive(WorkerHandle worker) {
        return live.containsKey(worker.key());
    }

    /** Removes a worker from the live ones. Allocates nothing. */
    void remove(WorkerHandle worker) {
        live.remove(worker.key());
    }

    /** Returns the live workers in the order of their ids, as a view. */
    Collection<WorkerHandle> live() {
        return live.values();
    }

    @Nullable
    WorkerHandle worker(long id) {
        return live.get(id);
    }

    /** Returns how many live workers are ready. */
    int ready() {
        int ready = 0;
        for (WorkerHandle worker : live.values()) {
            ready += worker.state() == WorkerState.READY ? 1 : 0;
        }
        return ready;
    }

    /** Returns how many workers have been created. */
    long created() {
        return workerIds.get();
    }

    // ---- Slots ----

    /** Takes a slot number, and creates and enlists the first worker of that slot. Any thread may call this. */
    WorkerHandle newSlot() {
        int slot = slotNumbers.take();
        try {
            WorkerHandle worker = newWorker(slot, WorkerHandle.DEFAULT_WEIGHT, codeVersion);
            current.put(slot, worker);
            enlist(worker);
            return worker;
        } catch (OutOfMemoryError e) {
            slotClosed(slot);
            throw e;
        }
    }

    /** Undoes {@link #newSlot}: no command about this worker could be submitted. Any thread may call this. */
    void forgetSlot(WorkerHandle worker) {
        remove(worker);
        slotClosed(worker.slot());
    }

    /** Makes a slot's number available again. */
    void slotClosed(int slot) {
        current.remove(slot);
        slotNumbers.giveBack(slot);
    }

    @Nullable
    WorkerHandle current(int slot) {
        return current.get(slot);
    }

    /** Publishes the current worker of a slot; null if there is none. */
    void setCurrent(int slot, @Nullable WorkerHandle worker) {
        if (worker == null) {
            current.remove(slot);
        } else {
            current.put(slot, worker);
        }
    }

    int slots() {
        return slotNumbers.count();
    }

    // ---- Messages ----

    /** Adds a worker to those that messages go to, or removes it. */
    void admit(Worker worker, boolean admit) {
        List<Worker> now = admitted;
        if (now.contains(worker) != admit) {
            List<Worker> next = new ArrayList<>(now);
            if (admit) {
                next.add(worker);
                next.sort(GuardedBalancer.ORDER);
            } else {
                next.remove(worker);
            }
            admitted = List.copyOf(next);
        }
    }

    /** Returns the workers that messages go to, in the order of their slots. */
    List<Worker> admitted() {
        return admitted;
    }

    // ---- Versions of the code ----

    CodeVersion newCodeVersion(Program program) {
        return new CodeVersion(versions.incrementAndGet(), program);
    }

    CodeVersion codeVersion() {
        return codeVersion;
    }

    /** Sets the code that new workers run. */
    void setCodeVersion(CodeVersion next) {
        codeVersion = next;
    }

    // ---- Counters ----

    void countRestart() {
        restarts.incrementAndGet();
    }

    void countZombie() {
        zombies.incrementAndGet();
    }

    void countMemoryRecycle() {
        memoryRecycles.incrementAndGet();
    }

    void countReload() {
        reloads.incrementAndGet();
    }

    long restarts() {
        return restarts.get();
    }

    long zombies() {
        return zombies.get();
    }

    long memoryRecycles() {
        return memoryRecycles.get();
    }

    long reloads() {
        return reloads.get();
    }
}
