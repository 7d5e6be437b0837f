package dev.corral.master;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Actions that wait for the ends of several workers. Belongs to the master's thread. */
final class Departures {
    private final List<Departure> pending = new ArrayList<>();

    private record Departure(Set<WorkerHandle> workers, Runnable action) {}

    /**
     * Runs an action, in {@link #complete}, after these workers have ended.
     *
     * @param workers a mutable set, which belongs to this object from now on
     */
    void add(Set<WorkerHandle> workers, Runnable action) {
        pending.add(new Departure(workers, action));
    }

    void ended(WorkerHandle worker) {
        pending.forEach(departure -> departure.workers.remove(worker));
    }

    /** Runs the actions that wait for no worker any more. */
    void complete() {
        pending.removeIf(departure -> {
            boolean isComplete = departure.workers.isEmpty();
            if (isComplete) {
                departure.action.run();
            }
            return isComplete;
        });
    }
}
