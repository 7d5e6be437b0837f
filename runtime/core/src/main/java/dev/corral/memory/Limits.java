package dev.corral.memory;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The limits of one worker. Not thread-safe. */
public final class Limits {
    /** How far below the limit of allocated bytes that of a worker may lie. */
    static final double JITTER = 0.1;

    private final OptionalLong maxLive;
    private final OptionalLong maxAllocated;
    private final OptionalLong maxMetaspace;
    /** After so long without a collection of the whole heap one is asked for; at once where none but such a one tells what is live. */
    private final long patienceNanos;
    /** Null unless it may be over its limit of live bytes. */
    private @Nullable Suspicion suspicion;

    /**
     * Of a worker that begins.
     *
     * @param random from 0, not 1 itself; decides its own limit of allocated bytes
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

    /** What is known of its live bytes. */
    public sealed interface Finding {
        /** They are within the limit; or there is none; or nobody knows. */
        record Within() implements Finding {}

        /** They may be over it: with garbage, and with what was allocated since the last collection, they are. */
        record Suspected() implements Finding {}

        /** Likewise, and a collection of the whole heap should be asked for. */
        record Unclear() implements Finding {}

        /** They are over it. */
        record Over(OverMemory reason) implements Finding {}
    }

    /** Whether it has crossed one of the limits whose figures are exact. */
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
     * Looks at its live bytes.
     *
     * @param unseenBytes what no collection has looked at yet
     * @param collections counted before the bytes were
     * @param hurry whether the heap may soon be short, so that a worker that has been seen over the limit is not waited for
     */
    public Finding look(OptionalLong liveBytes, long unseenBytes, CollectionCounts collections, boolean hurry,
            long nowNanos) {
        long live = liveBytes.orElse(0);
        if (maxLive.isEmpty() || live + unseenBytes <= maxLive.getAsLong()) {
            suspicion = null;
            return new Finding.Within();
        }
        if (suspicion == null) {
            suspicion = new Suspicion(collections, nowNanos);
        }
        suspicion.look(collections, nowNanos);
        if (live <= maxLive.getAsLong()) {
            if (suspicion.isSettled(suspicion.anyNanos, nowNanos)) { // so far it was garbage
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

    /** It may have been over its limit at each look since. Where nobody allocates much there is no collection for hours. */
    private static final class Suspicion {
        private final CollectionCounts at;
        private final long sinceNanos;
        /** When a collection was seen to have ended since, and when one of the whole heap was that had begun since; null before that. */
        private @Nullable Long anyNanos;
        private @Nullable Long wholeNanos;

        Suspicion(CollectionCounts at, long sinceNanos) {
            this.at = at;
            this.sinceNanos = sinceNanos;
        }

        void look(CollectionCounts collections, long nowNanos) {
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
