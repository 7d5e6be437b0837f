package dev.corral.cli;

import dev.corral.WorkerStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The most that the workers of each slot have taken at any look. Thread-safe. */
final class Peaks {
    /** By number. Guarded by this, as all in it. */
    private final Map<Integer, Slot> slots = new TreeMap<>();

    /**
     * Of one slot.
     *
     * @param liveBytes the most of any of its workers; empty while they were not known of any
     * @param metaspaceBytes likewise
     * @param allocatedBytes of all of its workers together
     */
    record Peak(int slot, OptionalLong liveBytes, OptionalLong metaspaceBytes, long allocatedBytes) {}

    private static final class Slot {
        private OptionalLong liveBytes = OptionalLong.empty();
        private OptionalLong metaspaceBytes = OptionalLong.empty();
        /** By id of the worker, those that have ended included: a look at one may come after its exit. */
        private final Map<Long, Long> allocated = new HashMap<>();

        Peak peak(int number) {
            return new Peak(number, liveBytes, metaspaceBytes,
                    allocated.values().stream().mapToLong(Long::longValue).sum());
        }
    }

    /** Takes the accounts of a worker into account. In any order: what is less than before changes nothing. */
    synchronized void see(WorkerStats stats) {
        Slot slot = slots.computeIfAbsent(stats.slot(), _ -> new Slot());
        slot.liveBytes = higher(slot.liveBytes, stats.memory().liveBytes());
        slot.metaspaceBytes = higher(slot.metaspaceBytes, stats.memory().metaspaceBytes());
        slot.allocated.merge(stats.id(), stats.memory().allocatedBytes(), Math::max);
    }

    private static OptionalLong higher(OptionalLong one, OptionalLong other) {
        return other.isEmpty() || (one.isPresent() && one.getAsLong() >= other.getAsLong()) ? one : other;
    }

    /** Of all slots that have had a worker, by number. */
    synchronized List<Peak> all() {
        List<Peak> all = new ArrayList<>();
        slots.forEach((number, slot) -> all.add(slot.peak(number)));
        return List.copyOf(all);
    }
}
