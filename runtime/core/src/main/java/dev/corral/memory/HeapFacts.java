package dev.corral.memory;

import java.util.List;
import java.util.OptionalLong;

/**
 * What {@link Pressure} knows at one moment.
 *
 * @param nowNanos the time
 * @param collections the counts of collections, read before all other facts
 * @param usedBytes bytes of the heap that were in use after the last collection
 * @param inUseBytes bytes of the heap that are in use now
 * @param oldBytes bytes of the heap that are in use now, without young objects; 0 where that is not known
 * @param collectingNanos the time that collections have taken since the start of the JVM while threads waited
 * @param workersOfAll the number of workers in this JVM, including those of other clusters
 * @param holders the workers that may be chosen
 */
public record HeapFacts(long nowNanos, CollectionCounts collections, long usedBytes, long inUseBytes, long oldBytes,
        long collectingNanos, int workersOfAll, List<Holder> holders) {
    /**
     * A worker that may be chosen.
     *
     * @param worker its id
     * @param liveBytes what it keeps; empty where that is not known
     * @param limitBytes what it may keep; empty: it has no limit of its own
     */
    public record Holder(long worker, OptionalLong liveBytes, OptionalLong limitBytes) {
        long live() {
            return liveBytes.orElse(0);
        }

        long overLimit() {
            return limitBytes.isEmpty() ? 0 : live() - limitBytes.getAsLong();
        }
    }
}
