package dev.corral.rollout;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of a cluster at one moment.
 *
 * @param nowNanos the time
 * @param version the version of the code that new workers run
 * @param slots the slots by number
 * @param versions the versions that live workers run, including workers that were replaced
 * @param leaving the number of workers that have been replaced and have not ended
 */
public record Facts(long nowNanos, long version, List<SlotFacts> slots, Set<Long> versions, int leaving) {
    /**
     * The state of a slot.
     *
     * @param number its number, which a later slot may have again
     * @param order unique and increasing
     * @param closing whether no worker follows those that are in it
     * @param current the worker of the slot; null if there is none
     * @param replacement the worker that takes its place when it is ready; null if there is none
     * @param waits whether a worker follows after a delay
     * @param gaveUp whether it stays down
     * @param owed whether a reload has taken a worker of the old version from it, and has not given it one back
     */
    public record SlotFacts(int number, long order, boolean closing, @Nullable WorkerFacts current,
            @Nullable WorkerFacts replacement, boolean waits, boolean gaveUp, boolean owed) {
        boolean runs(long version) {
            return current != null && current.version == version;
        }
    }

    /** The stage of a worker. */
    public enum Stage {
        /** Not yet ready. */
        STARTING,
        /** May receive traffic. */
        READY,
        /** On its way to its end, whatever the reason. */
        GOING
    }

    /**
     * The state of a worker that has not been replaced.
     *
     * @param end why it ends; empty while it does not
     */
    public record WorkerFacts(long id, long version, Stage stage, long forkedNanos, String end) {}

    /** Returns the slots that are not closing. */
    List<SlotFacts> open() {
        return slots.stream().filter(slot -> !slot.closing).toList();
    }
}
