package dev.corral;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Limits of one worker. The first one that it crosses has it replaced, gracefully: a fresh worker is ready before this one goes
 * ({@link Worker#replace}), and never two at a time ({@link ReloadPolicy#parallel}).
 *
 * @param maxLiveBytes what it may keep reachable; 1 and up; empty: no limit. Needs {@link Capability#LIVE_BYTES}:
 *     {@link Cluster#open} refuses where that is absent
 * @param maxAllocatedBytes what it may have allocated in all; 1 and up; empty: no limit. Each worker's own limit lies up to 10%
 *     below, so that they do not go together
 * @param maxMetaspaceBytes what its classes may take; 1 and up; empty: no limit
 * @param heapPressure share of the heap in use after a collection from which a worker over its limit, or else the one furthest over its fair
 *     share, is replaced, and killed if that does not help in time; more than 0, up to 1; 1: never. The largest worker is
 *     killed where collections take most of the time, or the heap will be full in a moment. Where
 *     {@link Capability#LIVE_BYTES} is absent nobody knows who that would be
 * @param period how often the limits are looked at; more than 0. Live bytes and the heap are looked at after each collection as well
 */
public record MemoryPolicy(OptionalLong maxLiveBytes, OptionalLong maxAllocatedBytes, OptionalLong maxMetaspaceBytes,
        double heapPressure, Duration period) {
    /** No limits, 85% of the heap, 1 s. */
    public static final MemoryPolicy DEFAULT = new MemoryPolicy(OptionalLong.empty(), OptionalLong.empty(),
            OptionalLong.empty(), 0.85, Duration.ofSeconds(1));

    /** Checks the ranges. */
    public MemoryPolicy {
        requirePositive("live", maxLiveBytes);
        requirePositive("allocated", maxAllocatedBytes);
        requirePositive("metaspace", maxMetaspaceBytes);
        requireNonNull(period, "period");
        if (!(heapPressure > 0 && heapPressure <= 1)) {
            throw new IllegalArgumentException("the heap pressure is " + heapPressure
                    + "; it must be a share of the heap, more than 0 and at most 1");
        }
        if (!period.isPositive()) {
            throw new IllegalArgumentException("memory is looked at every " + period + "; it must be more than 0");
        }
    }

    private static void requirePositive(String what, OptionalLong bytes) {
        if (bytes.isPresent() && bytes.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "at most " + bytes.getAsLong() + " " + what + " bytes are allowed; it must be 1 or more");
        }
    }

    /** Replaces the limit of live bytes. */
    public MemoryPolicy withMaxLive(long bytes) {
        return new MemoryPolicy(OptionalLong.of(bytes), maxAllocatedBytes, maxMetaspaceBytes, heapPressure, period);
    }

    /** Replaces the limit of allocated bytes. */
    public MemoryPolicy withMaxAllocated(long bytes) {
        return new MemoryPolicy(maxLiveBytes, OptionalLong.of(bytes), maxMetaspaceBytes, heapPressure, period);
    }

    /** Replaces the limit of metaspace. */
    public MemoryPolicy withMaxMetaspace(long bytes) {
        return new MemoryPolicy(maxLiveBytes, maxAllocatedBytes, OptionalLong.of(bytes), heapPressure, period);
    }

    /** Replaces the share of the heap from which somebody has to go; 1: never. */
    public MemoryPolicy withHeapPressure(double share) {
        return new MemoryPolicy(maxLiveBytes, maxAllocatedBytes, maxMetaspaceBytes, share, period);
    }

    /** Replaces how often limits are looked at. */
    public MemoryPolicy withPeriod(Duration period) {
        return new MemoryPolicy(maxLiveBytes, maxAllocatedBytes, maxMetaspaceBytes, heapPressure, period);
    }
}
