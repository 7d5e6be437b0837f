package dev.corral.memory;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Checks the limits of one worker. Not thread-safe. */
public final class Limits {
    /** The share by which the limit of allocated bytes of a worker is lowered at most. */
    static final double JITTER = 0.1;

    private final OptionalLong maxLive;
    private final OptionalLong maxAllocated;
    private final OptionalLong maxMetaspace;
    /**
     * How long a suspicion waits for a collection of the whole heap before one is requested. A collection is requested
     * at once where only a requested one shows what is live.
     */
    private final long patienceNanos;
    /** Null unless the worker may be over its limit of live bytes. */
    private @Nullable Suspicion suspicion;

    /**
     * Creates the limits of a worker.
     *
     * @param random from 0 up to, but not including, 1; decides by how much its limit of allocated bytes is lowered
     */
    public Limits(MemoryPolicy policy, double random) {
        this.maxLive = policy.maxLiveBytes();
        this.maxMetaspace = policy.maxMetaspaceBytes();
        OptionalLong allocated = policy.maxAllocatedBytes();
        this.maxAllocated = allocated.isEmpty() ? allocated
                : OptionalLong
                        .of(Math.max(1, allocated.getAsLong() - (long) (allocated.getAsLong() * JITTER * random)));
        this.patienceNanos = NANOSECONDS.convert(policy.period());
    }

    /** The result of a check of live bytes. */
    public sealed interface Finding {
        /** The live bytes are within the limit, or there is no limit, or they are not known. */
        record Within() implements Finding {}

        /**
         * The live bytes may be over the limit: they are if garbage and all allocations since the last collection are
         * counted.
         */
        record Suspected() implements Finding {}

        /** The live bytes may be over the limit, and a collection of the whole heap should be requested. */
        record Unclear() implements Finding {}

        /** The live bytes are over the limit. */
        record Over(OverMemory reason) implements Finding {}
    }

    /** Returns the limit with exact figures that the worker has crossed; empty if there is none. */
    public Optional<OverMemory> exceeded(long allocatedBytes, OptionalLong metaspaceBytes) {
        if (maxAllocated.isPresent() && allocatedBytes > maxAllocated.getAsLong()) {
            return Optional.of(new OverMemory(Limit.ALLOCATED, allocatedBytes, maxAllocated.getAsLong()));
        }
        if (maxMetaspace.isPresent() && metaspaceBytes.isPresent()
                && metaspaceBytes.getAsLong() > maxMetaspace.getAsLong()) {
            return Optional.of(new OverMemory(Limit.METASPACE, metaspaceBytes.getAsLong(), maxMetaspace.getAsLong()));
        }
        return Optional.empty();
    }

    /**
     * Checks the live bytes.
     *
     * @param unseenBytes bytes that no collection has examined yet
     * @param collections the counts of collections, read before the bytes
     * @param hurry whether the heap may soon be nearly full, so that a worker that was seen over the limit gets no time
     */
    public Finding check(OptionalLong liveBytes, long unseenBytes, CollectionCounts collections, boolean hurry,
            long nowNanos) {
        long live = liveBytes.orElse(0);
        if (maxLive.isEmpty() || live + unseenBytes <= maxLive.getAsLong()) {
            suspicion = null;
            return new Finding.Within();
        }
        if (suspicion == null) {
            suspicion = new Suspicion(collections, nowNanos);
        }
        suspicion.check(collections, nowNanos);
        if (live <= maxLive.getAsLong()) {
            if (suspicion.isSettled(suspicion.anyNanos, nowNanos)) { // what exceeded the limit was garbage
                suspicion = new Suspicion(collections, nowNanos);
            }
        } else if (suspicion.isSettled(suspicion.wholeNanos, nowNanos)) {
            return new Finding.Over(new OverMemory(Limit.LIVE, live, maxLive.getAsLong()));
        }
        boolean isSeen = hurry && live > maxLive.getAsLong();
        boolean mayClearUp = !isSeen && !collections.areConcurrent() && nowNanos - suspicion.sinceNanos < patienceNanos;
        boolean isPatient = suspicion.wholeNanos != null || mayClearUp;
        return isPatient ? new Finding.Suspected() : new Finding.Unclear();
    }

    /**
     * The suspicion that the worker is over its limit, which each check since its start has confirmed. It may last for
     * hours, because there is no collection while nothing allocates much.
     */
    private static final class Suspicion {
        private final CollectionCounts at;
        private final long sinceNanos;
        /** When the end of a collection of any kind was first seen; null before. */
        private @Nullable Long anyNanos;
        /**
         * When the end of a collection of the whole heap that had begun after the suspicion was first seen; null
         * before.
         */
        private @Nullable Long wholeNanos;

        Suspicion(CollectionCounts at, long sinceNanos) {
            this.at = at;
            this.sinceNanos = sinceNanos;
        }

        void check(CollectionCounts collections, long nowNanos) {
            if (anyNanos == null && collections.countSince(at) > 0) {
                anyNanos = nowNanos;
            }
            if (wholeNanos == null && collections.haveSeenAllSince(at)) {
                wholeNanos = nowNanos;
            }
        }

        boolean isSettled(@Nullable Long nanos, long nowNanos) {
            return nanos != null && nowNanos - nanos >= LiveBytes.SETTLING_NANOS;
        }
    }
}
