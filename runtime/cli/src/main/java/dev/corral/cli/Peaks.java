package dev.corral.cli;

import dev.corral.WorkerStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The highest figures that the workers of each slot had in any sample. Thread-safe. */
final class Peaks {
    /** The slots by number. The map and its values are guarded by this object's monitor. */
    private final Map<Integer, Slot> slots = new TreeMap<>();

    /**
     * The peaks of one slot.
     *
     * @param liveBytes the highest of its workers; empty while it was not known of any worker
     * @param metaspaceBytes the highest of its workers; empty while it was not known of any worker
     * @param allocatedBytes the sum of all its workers
     */
    record Peak(int slot, OptionalLong liveBytes, OptionalLong metaspaceBytes, long allocatedBytes) {}

    private static final class Slot {
        private OptionalLong liveBytes = OptionalLong.empty();
        private OptionalLong metaspaceBytes = OptionalLong.empty();
        /**
         * The allocated bytes by the id of the worker. Ended workers stay, because a sample of one may come after its
         * exit.
         */
        private final Map<Long, Long> allocated = new HashMap<>();

        Peak peak(int number) {
            return new Peak(number, liveBytes, metaspaceBytes,
                    allocated.values().stream().mapToLong(Long::longValue).sum());
        }
    }

    /** Adds the figures of a worker. The order of calls does not matter, because lower figures have no effect. */
    synchronized void add(WorkerStats stats) {
        Slot slot = slots.computeIfAbsent(stats.slot(), _ -> new Slot());
        slot.liveBytes = higher(slot.liveBytes, stats.memory().liveBytes());
        slot.metaspaceBytes = higher(slot.metaspaceBytes, stats.memory().metaspaceBytes());
        slot.allocated.merge(stats.id(), stats.memory().allocatedBytes(), Math::max);
    }

    private static OptionalLong higher(OptionalLong one, OptionalLong other) {
        return other.isEmpty() || (one.isPresent() && one.getAsLong() >= other.getAsLong()) ? one : other;
    }

    /** Returns the peaks of all slots that have had a worker, by number. */
    synchronized List<Peak> all() {
        List<Peak> all = new ArrayList<>();
        slots.forEach((number, slot) -> all.add(slot.peak(number)));
        return List.copyOf(all);
    }
}
