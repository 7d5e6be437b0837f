package dev.corral.memory;

import dev.corral.memory.Pressure.Facts;
import java.time.Duration;

/**
 * Has the whole heap collected early where that is done concurrently, as by ZGC. What a worker keeps is known there only after a collection
 * that was asked for (others leave what has died young, if it has a JVMTI tag, until it is old), and once the heap is short it may take
 * too long. A collection that finds garbage for the most part has the next one of this kind wait twice as long. Not thread-safe.
 */
final class EarlyCollection {
    /** Of the heap at which it is short: from there on it is worth to know. */
    static final double EARLY = 0.7;
    /** Of the whole heap: so much more is kept than at the last collection that was asked for. */
    static final double MORE_KEPT = 0.1;
    /** Of the whole heap: so much is new, and nobody knows whether it is garbage. */
    static final double MUCH_NEW = 0.25;
    static final Duration FIRST_WAIT = CollectionRequests.Haste.NONE.interval();
    static final Duration LONGEST_WAIT = FIRST_WAIT.multipliedBy(32);

    private final long earlyBytes;
    private final long maxBytes;
    /** At the last look. */
    private long asked;
    /** The least that was kept since the last one that was asked for. */
    private long keptBytes;
    private boolean any;
    private long lastNanos;
    private long waitNanos = FIRST_WAIT.toNanos();

    EarlyCollection(double shortBytes, long maxBytes) {
        this.earlyBytes = (long) (EARLY * shortBytes);
        this.maxBytes = maxBytes;
    }

    /** Whether a collection should be asked for. */
    boolean look(Facts facts) {
        if (facts.collections().asked() > asked) {
            asked = facts.collections().asked();
            learn(facts);
        }
        keptBytes = Math.min(keptBytes, facts.usedBytes());
        return facts.collections().areConcurrent() && (isMoreKept(facts) || isMuchNew(facts));
    }

    private void learn(Facts facts) {
        boolean wasGarbage = facts.usedBytes() < earlyBytes;
        waitNanos = wasGarbage ? Math.min(2 * waitNanos, LONGEST_WAIT.toNanos()) : FIRST_WAIT.toNanos();
        keptBytes = facts.usedBytes();
        any = true;
        lastNanos = facts.nowNanos();
    }

    private boolean isMoreKept(Facts facts) {
        return facts.usedBytes() >= earlyBytes && facts.usedBytes() - keptBytes >= MORE_KEPT * maxBytes;
    }

    private boolean isMuchNew(Facts facts) {
        boolean haveWaited = !any || facts.nowNanos() - lastNanos >= waitNanos;
        return haveWaited && facts.inUseBytes() >= earlyBytes
                && facts.inUseBytes() - facts.usedBytes() >= MUCH_NEW * maxBytes;
    }
}
