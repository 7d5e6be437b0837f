package dev.corral;

import static java.util.Objects.requireNonNull;

import dev.corral.text.Checks;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The limits of memory of each worker. A worker that crosses a limit is replaced: a new worker becomes ready before
 * this one ends ({@link Worker#replace}). Replacements run one at a time, or as {@link ReloadPolicy#parallel} says.
 *
 * @param maxLiveBytes the bytes that the worker may keep reachable; 1 and up; empty: no limit. Needs
 *        {@link Capability#LIVE_BYTES}; where that is absent, {@link Cluster#open} throws {@link CorralException}
 * @param maxAllocatedBytes the bytes that the worker may allocate in all; 1 and up; empty: no limit. Each worker's
 *        limit is lowered at random by up to 10%, so that workers are not replaced at the same moment
 * @param maxMetaspaceBytes the bytes that the worker's classes may take; 1 and up; empty: no limit
 * @param heapPressure the share of the heap in use, after a collection, from which a worker must be replaced: one that
 *        is over its limit, or else the one furthest over its fair share. It is killed if this does not help in time.
 *        The largest worker is killed at once if collections take most of the time, or if the heap will be full in a
 *        moment. More than 0, up to 1; 1: never. Needs {@link Capability#LIVE_BYTES}, because Corral does not know the
 *        largest worker without it
 * @param period the time between two checks; 1 ms and up. Live bytes and the heap are checked after each collection as
 *        well
 */
public record MemoryPolicy(OptionalLong maxLiveBytes, OptionalLong maxAllocatedBytes, OptionalLong maxMetaspaceBytes,
        double heapPressure, Duration period) {
    /** No limits per worker, pressure from 85% of the heap, a check every second. */
    public static final MemoryPolicy DEFAULT = new MemoryPolicy(OptionalLong.empty(), OptionalLong.empty(),
            OptionalLong.empty(), 0.85, Duration.ofSeconds(1));

    /** Creates the record and checks the ranges. */
    public MemoryPolicy {
        requirePositive("live", maxLiveBytes);
        requirePositive("allocated", maxAllocatedBytes);
        requirePositive("metaspace", maxMetaspaceBytes);
        if (!(heapPressure > 0 && heapPressure <= 1)) {
            throw new IllegalArgumentException("the heap pressure is " + heapPressure
                    + "; it must be a share of the heap, more than 0 and at most 1");
        }
        Checks.check("the period of memory checks", period, Checks.SHORTEST);
    }

    private static void requirePositive(String what, OptionalLong bytes) {
        if (requireNonNull(bytes, what).isPresent() && bytes.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "at most " + bytes.getAsLong() + " " + what + " bytes are allowed; it must be 1 or more");
        }
    }

    /** Returns a copy with another limit of live bytes. */
    public MemoryPolicy withMaxLive(long bytes) {
        return new MemoryPolicy(OptionalLong.of(bytes), maxAllocatedBytes, maxMetaspaceBytes, heapPressure, period);
    }

    /** Returns a copy with another limit of allocated bytes. */
    public MemoryPolicy withMaxAllocated(long bytes) {
        return new MemoryPolicy(maxLiveBytes, OptionalLong.of(bytes), maxMetaspaceBytes, heapPressure, period);
    }

    /** Returns a copy with another limit of metaspace, in bytes. */
    public MemoryPolicy withMaxMetaspace(long bytes) {
        return new MemoryPolicy(maxLiveBytes, maxAllocatedBytes, OptionalLong.of(bytes), heapPressure, period);
    }

    /** Returns a copy with another share of the heap from which a worker must be replaced; 1: never. */
    public MemoryPolicy withHeapPressure(double share) {
        return new MemoryPolicy(maxLiveBytes, maxAllocatedBytes, maxMetaspaceBytes, share, period);
    }

    /** Returns a copy with another time between two checks. */
    public MemoryPolicy withPeriod(Duration period) {
        return new MemoryPolicy(maxLiveBytes, maxAllocatedBytes, maxMetaspaceBytes, heapPressure, period);
    }
}
