package dev.corral.memory;

import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The limits of one worker. Not thread-safe. */
public final class Limits {
    /** How far below the limit of allocated bytes that of a worker may lie. */
    static final double JITTER = 0.1;
    /** After so many periods without a collection of the whole heap one is asked for. */
    static final int PATIENCE = 3;

    /** What a collection has found dead is told some moments after its end. */
    static final long SETTLING_NANOS = 100_000_000;

    private final OptionalLong maxLive;
    private final OptionalLong maxAllocated;
    private final OptionalLong maxMetaspace;
    private final long patienceNanos;
    /** Null unless its live bytes were over the limit at each look since. */
    private @Nullable Suspicion suspicion;
    /** Null unless it might have been over the limit at each look since, and no collection has come. */
    private @Nullable Suspicion unseen;
    /** When the collection that decides about it was seen to have ended; null before that. */
    private @Nullable Long decidedNanos;

    private record Suspicion(Collections at, long sinceNanos) {}

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
        this.patienceNanos = Nanos.times(PATIENCE, policy.period());
    }

    /** What is known of its live bytes. */
    public sealed interface Finding {
        /** They are within the limit; or there is none; or nobody knows. */
        record Within() implements Finding {}

        /** They are over it, garbage included. */
        record Suspected() implements Finding {}

        /** Likewise, or perhaps, and for so long that a collection of the whole heap should be asked for. */
        record Unclear() implements Finding {}

        /** They are over it. */
        record Over(OverMemory reason) implements Finding {}
    }

    /** Whether it has crossed one of the limits whose figures are exact. */
    public Optional<OverMemory> exceeded(long allocatedBytes, OptionalLong metaspaceBytes) {
        if (maxAllocated.isPresent() && allocatedBytes > maxAllocated.getAsLong()) {
            return Optional.of(new OverMemory("allocated", allocatedBytes, maxAllocated.getAsLong()));
        }
        if (maxMetaspace.isPresent() && metaspaceBytes.isPresent()
                && metaspaceBytes.getAsLong() > maxMetaspace.getAsLong()) {
            return Optional.of(new OverMemory("metaspace", metaspaceBytes.getAsLong(), maxMetaspace.getAsLong()));
        }
        return Optional.empty();
    }

    /**
     * Looks at its live bytes.
     *
     * @param unseenBytes what no collection has looked at yet
     * @param collections counted before the bytes were
     */
    public Finding look(OptionalLong liveBytes, long unseenBytes, Collections collections, long nowNanos) {
        if (maxLive.isEmpty() || liveBytes.isEmpty() || liveBytes.getAsLong() <= maxLive.getAsLong()) {
            suspicion = null;
            decidedNanos = null;
            return maxLive.isEmpty() || liveBytes.orElse(0) + unseenBytes <= maxLive.getAsLong() ? seen()
                    : unseen(collections, nowNanos);
        }
        if (suspicion == null) {
            suspicion = new Suspicion(collections, nowNanos);
            return new Finding.Suspected();
        }
        if (decidedNanos == null && collections.haveSeenAllSince(suspicion.at)) {
            decidedNanos = nowNanos;
        }
        if (decidedNanos != null) {
            return nowNanos - decidedNanos < SETTLING_NANOS ? new Finding.Suspected()
                    : new Finding.Over(new OverMemory("live", liveBytes.getAsLong(), maxLive.getAsLong()));
        }
        return nowNanos - suspicion.sinceNanos < patienceNanos ? new Finding.Suspected() : new Finding.Unclear();
    }

    private Finding seen() {
        unseen = null;
        return new Finding.Within();
    }

    /** It may be over the limit, and where nobody allocates much there is no collection for hours. */
    private Finding unseen(Collections collections, long nowNanos) {
        if (unseen == null || collections.all() > unseen.at.all()) {
            unseen = new Suspicion(collections, nowNanos);
        }
        return nowNanos - unseen.sinceNanos < patienceNanos ? new Finding.Within() : new Finding.Unclear();
    }
}
