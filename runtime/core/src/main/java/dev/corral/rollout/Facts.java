package dev.corral.rollout;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster at one moment.
 *
 * @param version of the code that new workers run
 * @param slots by number
 * @param versions that live workers run, those that are in no slot any more included
 * @param leaving workers that have been replaced and have not ended
 */
public record Facts(long nowNanos, long version, List<SlotFacts> slots, Set<Long> versions, int leaving) {
    /**
     * A place that workers come and go in.
     *
     * @param order unique and rising, which numbers are not
     * @param closing whether nothing follows those who are in it
     * @param current the worker that stands for it
     * @param replacement the one that is to take its place when it is ready
     * @param waits whether something follows after a delay
     * @param gaveUp whether it stays down
     * @param owed whether a reload has taken a worker of the old code from it, and not given it back
     */
    public record SlotFacts(int number, long order, boolean closing, @Nullable WorkerFacts current,
            @Nullable WorkerFacts replacement, boolean waits, boolean gaveUp, boolean owed) {
        boolean runs(long version) {
            return current != null && current.version == version;
        }
    }

    /** Where a worker is. */
    public enum Stage {
        /** Not ready yet. */
        STARTING,
        /** May get traffic. */
        READY,
        /** On its way to its end, whatever the reason. */
        GOING
    }

    /**
     * A worker that has not been replaced.
     *
     * @param end why it goes; empty while it does not
     */
    public record WorkerFacts(long id, long version, Stage stage, long forkedNanos, String end) {}

    /** Slots that go on. */
    List<SlotFacts> open() {
        return slots.stream().filter(slot -> !slot.closing).toList();
    }
}
