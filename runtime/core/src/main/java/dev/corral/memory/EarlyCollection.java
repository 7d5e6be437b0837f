package dev.corral.memory;

import java.time.Duration;

/**
 * Decides when to request a collection of the whole heap early, where such a collection is concurrent, as with ZGC.
 * There, only a requested collection shows what each worker keeps: other collections treat objects with a JVMTI tag as
 * live until they are old. Once the heap is nearly full, a requested collection may end too late. If a requested
 * collection finds mostly garbage, the next one waits twice as long. Not thread-safe.
 */
final class EarlyCollection {
    /** The share of the pressure threshold from which a collection is worth its cost. */
    static final double EARLY = 0.7;
    /**
     * A collection is requested when this share of the heap is kept in addition to what the last requested collection
     * found.
     */
    static final double MORE_KEPT = 0.1;
    /** A collection is requested when this share of the heap is new, so that it is not known whether it is garbage. */
    static final double MUCH_NEW = 0.25;
    static final Duration FIRST_WAIT = CollectionRequests.Haste.NONE.interval();
    static final Duration LONGEST_WAIT = FIRST_WAIT.multipliedBy(32);

    private final long earlyBytes;
    private final long maxBytes;
    /** The number of requested collections at the last call of {@link #check}. */
    private long asked;
    /** The smallest number of bytes in use since the last requested collection. */
    private long keptBytes;
    private boolean any;
    private long lastNanos;
    private long waitNanos = FIRST_WAIT.toNanos();

    EarlyCollection(double shortBytes, long maxBytes) {
        this.earlyBytes = (long) (EARLY * shortBytes);
        this.maxBytes = maxBytes;
    }

    /** Returns whether a collection should be requested. */
    boolean check(HeapFacts facts) {
        if (facts.collections().asked() > asked) {
            asked = facts.collections().asked();
            learn(facts);
        }
        keptBytes = Math.min(keptBytes, facts.usedBytes());
        return facts.collections().areConcurrent() && (isMoreKept(facts) || isMuchNew(facts));
    }

    private void learn(HeapFacts facts) {
        boolean wasGarbage = facts.usedBytes() < earlyBytes;
        waitNanos = wasGarbage ? Math.min(2 * waitNanos, LONGEST_WAIT.toNanos()) : FIRST_WAIT.toNanos();
        keptBytes = facts.usedBytes();
        any = true;
        lastNanos = facts.nowNanos();
    }

    private boolean isMoreKept(HeapFacts facts) {
        return facts.usedBytes() >= earlyBytes && facts.usedBytes() - keptBytes >= MORE_KEPT * maxBytes;
    }

    private boolean isMuchNew(HeapFacts facts) {
        boolean haveWaited = !any || facts.nowNanos() - lastNanos >= waitNanos;
        return haveWaited && facts.inUseBytes() >= earlyBytes
                && facts.inUseBytes() - facts.usedBytes() >= MUCH_NEW * maxBytes;
    }
}
