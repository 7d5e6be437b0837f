package dev.corral.memory;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import dev.corral.memory.CollectionRequests.Haste;
import dev.corral.memory.HeapFacts.Holder;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which worker must be replaced or killed when the heap is nearly full.
 *
 * <ul>
 * <li>If more than the threshold is in use after a collection of any kind, the heap may be short: this is a suspicion.
 * If more than the threshold is in use after a collection of the whole heap, and the live bytes of the workers are
 * known as of that collection, the heap is short: this is pressure.
 * <li>Usage above the midpoint between the threshold and a full heap also counts as pressure: after {@value #HASTE}
 * further collections of any kind, or immediately if the whole heap is collected concurrently, because such a
 * collection takes seconds and may end too late.
 * <li>Under pressure, the worker that exceeds its fair share most is replaced. It is killed if the replacement does not
 * help in time, or if there is no time and it has half of the heap. After its end, its memory is garbage, so the
 * decision begins again.
 * <li>A worker over its own limit goes first, and a suspicion is enough.
 * <li>If no worker exceeds a limit or its share, and usage stays above the midpoint for {@value #PATIENCE} periods, the
 * largest worker is replaced.
 * <li>If collections take most of the time ({@link Standstill}), the worker over its limit, or otherwise the largest
 * worker, is killed at once, whatever the shares are. The same holds if the heap will be full in a moment
 * ({@link Rush}) and a collection has shown that the growth is not garbage. While one worker is being killed, and until
 * the whole heap has been collected after its end, another one is killed only if it keeps a good part of its share.
 * </ul>
 *
 * <p>Not thread-safe.
 */
public final class Pressure {
    /**
     * Half of the heap. If less is in use after a collection, collections that take most of the time have a cause other
     * than a lack of room.
     */
    private static final double HALF = 0.5;
    /** The time without a rush after which a rush counts as a new one. */
    private static final long RUSH_NANOS = 2_000_000_000;
    /**
     * If the heap would be full within this time, a worker over its limit is killed, and a collection shows whether
     * others must be killed as well.
     */
    private static final long SOON_NANOS = 4_000_000_000L;
    /** If the heap would be full within this time, workers that are over no limit are killed as well. */
    private static final long AT_ONCE_NANOS = 1_500_000_000;
    /**
     * The share of its fair share below which a worker is not killed while another one's memory is still to be freed.
     */
    private static final double WORTH_IT = 0.25;
    /** The time between two kills if the heap will be full in a moment. */
    private static final long NEXT_NANOS = 150_000_000;
    /** The time for which connections are counted after a worker had to go. */
    private static final long CAREFUL_NANOS = 5_000_000_000L;
    /** The number of periods that a replacement may take under pressure. */
    static final int PATIENCE = 10;
    /** The number of collections of any kind that count as one of the whole heap if there is no time for one. */
    static final int HASTE = 3;

    private final double threshold;
    private final long maxBytes;
    private final long patienceNanos;
    private final EarlyCollection earlyCollection;
    private final Standstill standstill = new Standstill();
    private final Rush rush;
    /** The counts at the last call of {@link #check}; null before the first. */
    private @Nullable CollectionCounts last;
    /** The counts when the suspicion began; null while the heap is below the threshold. */
    private @Nullable CollectionCounts suspectedAt;
    /** Whether a worker has just ended, so that a collection that was under way at its end proves nothing. */
    private boolean hasJustEnded;
    /** When it was seen that what fills the heap is not garbage; null before. */
    private @Nullable Long provenNanos;
    /** The worker that is being replaced or killed; null if there is none. */
    private @Nullable Victim victim;
    /** The workers that are being killed and have not ended. */
    private final Set<Long> condemned = new HashSet<>();
    /** When a worker was last chosen to be replaced or killed; null before the first. */
    private @Nullable Long condemnedNanos;
    private final Valve valve;
    /** Whether there was too little room at the last call of {@link #check}. */
    private boolean isShort;
    /** The counts when a rush was first noticed; null after some time without a rush. */
    private @Nullable CollectionCounts rushedAt;
    /** When a rush was last seen. */
    private long rushNanos;
    /**
     * When the heap was first seen above the midpoint with no worker over its share; null while this is not the case.
     */
    private @Nullable Long fullNanos;
    /** Whether the caller was informed that no worker is over its share. */
    private boolean reported;

    private record Victim(long worker, CollectionCounts at, long sinceNanos, boolean killed) {}

    /**
     * Creates the decision for a heap.
     *
     * @param maxBytes the largest size of the heap
     */
    public Pressure(MemoryPolicy policy, long maxBytes) {
        this.threshold = policy.heapPressure();
        this.maxBytes = maxBytes;
        this.rush = new Rush(maxBytes);
        this.valve = new Valve(policy.heapPressure(), maxBytes);
        this.earlyCollection = new EarlyCollection(threshold * maxBytes, maxBytes);
        this.patienceNanos = Math.min(NANOSECONDS.convert(policy.period()), Long.MAX_VALUE / PATIENCE) * PATIENCE;
    }

    /** What the caller must do. */
    public sealed interface Step {
        /** Request a collection of the whole heap, if one may be requested. */
        record Collect(Haste haste) implements Step {}

        /** Replace the worker, or kill it if {@code now} is true. */
        record Condemn(long worker, OverMemory reason, boolean now) implements Step {}

        /** No worker is over its fair share, so none is touched. Returned once. */
        record NoneOverShare(long usedBytes, long shareBytes) implements Step {}

        /** The live bytes of workers are not known. Returned once. */
        record NoFigures(long usedBytes) implements Step {}
    }

    /**
     * Returns whether the live bytes of workers are needed.
     *
     * @param bytes bytes of the heap in use after a collection, or in use now without young objects
     */
    public boolean isInterested(long bytes) {
        return threshold < 1 && bytes >= Math.min(threshold, HALF) * maxBytes;
    }

    /** Decides what to do now; empty: nothing. */
    public Optional<Step> check(HeapFacts facts) {
        boolean wantsEarlyCollection = earlyCollection.check(facts);
        boolean haveFreed = last != null && facts.collections().haveFreedSince(last);
        last = facts.collections();
        boolean isStill = isStill(facts);
        long leftNanos = rush.check(facts.nowNanos(), facts.oldBytes());
        boolean isRush = leftNanos < SOON_NANOS && facts.oldBytes() >= HALF * maxBytes;
        isShort = threshold < 1 && (facts.usedBytes() >= threshold * maxBytes || isStill || isRush);
        if (!isShort) {
            suspectedAt = null;
            boolean isOver = facts.oldBytes() < HALF * maxBytes || facts.nowNanos() - rushNanos >= RUSH_NANOS;
            rushedAt = isOver ? null : rushedAt;
            victim = null;
            fullNanos = null;
            reported = false;
            return wantsEarlyCollection && threshold < 1 ? Optional.of(new Step.Collect(Haste.NONE)) : Optional.empty();
        }
        condemned.retainAll(facts.holders().stream().map(Holder::worker).toList());
        if (victim != null && isRush && victim.killed && facts.nowNanos() - victim.sinceNanos >= NEXT_NANOS) {
            victim = null; // it is ending; the memory of others does not wait for its end
        }
        if (victim != null) {
            return follow(victim, isStill || isRush, facts);
        }
        if (suspectedAt == null) {
            suspect(facts, false);
        }
        if (!condemned.isEmpty() && condemned.size() >= facts.holders().size() - 1) {
            return Optional.empty(); // one worker must keep serving
        }
        boolean isUrgent = isStill || (isRush && hasBeenCollected(facts) && leftNanos < AT_ONCE_NANOS);
        return isRush && !isUrgent && facts.usedBytes() < threshold * maxBytes ? collectInRush(facts)
                : judge(requireNonNull(suspectedAt), haveFreed, isUrgent, facts);
    }

    /**
     * Returns whether a collection of the whole heap has begun and ended since the rush was noticed. If so, the growth
     * is not garbage.
     */
    private boolean hasBeenCollected(HeapFacts facts) {
        rushNanos = facts.nowNanos();
        if (rushedAt == null) {
            rushedAt = facts.collections();
        }
        return facts.collections().haveSeenAllSince(rushedAt);
    }

    private Optional<Step> collectInRush(HeapFacts facts) {
        Holder over = furthestOverLimit(facts);
        return over == null ? Optional.of(new Step.Collect(haste(facts.nowNanos())))
                : condemn(over, ofLimit(over), true, facts);
    }

    private Stream<Holder> candidates(HeapFacts facts) {
        return facts.holders().stream().filter(holder -> !condemned.contains(holder.worker()));
    }

    private @Nullable Holder furthestOverLimit(HeapFacts facts) {
        return candidates(facts).filter(holder -> holder.overLimit() > 0)
                .max(Comparator.comparingLong(Holder::overLimit)).orElse(null);
    }

    /**
     * Returns whether the heap is short or will be full in a moment, and a worker that is being killed has not yet
     * ended.
     */
    public boolean isWaitingForRoom() {
        return isShort && !condemned.isEmpty();
    }

    /**
     * Returns whether a worker had to go a moment ago. If so, the growth is not garbage, and the next connections may
     * fill the heap before another worker can be ended.
     */
    public boolean isCareful(long nowNanos) {
        return condemnedNanos != null && nowNanos - condemnedNanos < CAREFUL_NANOS;
    }

    /** Returns how soon a collection may follow the previous one while there is little room. */
    public Haste haste(long nowNanos) {
        return isCareful(nowNanos) ? Haste.AT_ONCE : Haste.URGENT;
    }

    /**
     * Returns how many more connections may be accepted until the next call; {@code Long.MAX_VALUE} for no limit.
     *
     * @param filledBytes bytes of the heap that are in use, without young objects where those are known
     */
    public long admission(long nowNanos, long filledBytes) {
        return isCareful(nowNanos) ? valve.check(nowNanos, filledBytes) : Valve.UNLIMITED;
    }

    /**
     * Returns whether collections leave the program no time. With a concurrent collector the time alone proves nothing,
     * because much garbage takes much time as well, so the heap must also be above the midpoint.
     */
    private boolean isStill(HeapFacts facts) {
        boolean takesMost = standstill.check(facts.nowNanos(), facts.collectingNanos());
        return takesMost && facts.usedBytes() >= (facts.collections().areConcurrent() ? midpoint() : HALF) * maxBytes;
    }

    private void suspect(HeapFacts facts, boolean anew) {
        suspectedAt = facts.collections();
        hasJustEnded = anew;
        provenNanos = null;
    }

    /**
     * Requests a collection. After the report that no worker is over its share, further collections would show the
     * same, so none is requested unless a worker must go nevertheless.
     */
    private Optional<Step> collect(HeapFacts facts) {
        if (isCareful(facts.nowNanos())) {
            return Optional.of(new Step.Collect(Haste.AT_ONCE));
        }
        Haste haste = isAboveMidpoint(facts) ? Haste.URGENT : Haste.NONE;
        return reported && fullNanos == null ? Optional.empty() : Optional.of(new Step.Collect(haste));
    }

    private Optional<Step> judge(CollectionCounts suspected, boolean haveFreed, boolean isUrgent, HeapFacts facts) {
        Holder over = furthestOverLimit(facts);
        if (over != null) {
            return condemn(over, ofLimit(over), isUrgent || isAboveMidpoint(facts), facts);
        }
        if (provenNanos == null && ((haveFreed && !hasJustEnded) || facts.collections().haveSeenAllSince(suspected))) {
            provenNanos = facts.nowNanos();
        }
        boolean isSettled = provenNanos != null && facts.nowNanos() - provenNanos >= LiveBytes.SETTLING_NANOS;
        boolean haveManyEnded = facts.collections().countSince(suspected) >= HASTE;
        boolean isHaste =
                isAboveMidpoint(facts) && !hasJustEnded && (facts.collections().areConcurrent() || haveManyEnded);
        if (!isSettled && !isHaste && !isUrgent) {
            return provenNanos != null ? Optional.empty() : collect(facts);
        }
        Holder worst = candidates(facts).filter(holder -> holder.liveBytes().isPresent())
                .max(Comparator.comparingLong(Holder::live)).orElse(null);
        if (isUrgent && worst != null) {
            boolean isRoomToCome =
                    !condemned.isEmpty() || (hasJustEnded && !facts.collections().haveSeenAllSince(suspected));
            if (!isRoomToCome || worst.live() >= WORTH_IT * share(facts)) {
                return condemn(worst, ofHeap(worst, facts), true, facts);
            }
            return condemned.isEmpty() ? collect(facts) : Optional.empty();
        }
        if (worst == null || worst.live() <= share(facts)) {
            boolean isCertain = facts.collections().haveSeenAllSince(suspected) || (isHaste && haveManyEnded);
            return isCertain ? reportNoneOverShare(facts, worst) : doubt(facts);
        }
        boolean isLast = isHaste && facts.collections().areConcurrent() && worst.live() > HALF * maxBytes;
        return condemn(worst, ofHeap(worst, facts), isLast, facts);
    }

    private Optional<Step> condemn(Holder holder, OverMemory reason, boolean now, HeapFacts facts) {
        fullNanos = null;
        condemnedNanos = facts.nowNanos();
        standstill.begin(facts.nowNanos(), facts.collectingNanos());
        victim = new Victim(holder.worker(), facts.collections(), facts.nowNanos(), now);
        if (now) {
            condemned.add(holder.worker());
        }
        return Optional.of(new Step.Condemn(holder.worker(), reason, now));
    }

    /**
     * Discards the proof and requests another collection. Memory that was in use at the end of the last collection may
     * have become garbage while that collection was under way, for example the memory of a worker that has ended since.
     */
    private Optional<Step> doubt(HeapFacts facts) {
        provenNanos = null;
        return collect(facts);
    }

    /** Reports once that no worker is over its share. After the next collection of the whole heap a worker may be. */
    private Optional<Step> reportNoneOverShare(HeapFacts facts, @Nullable Holder worst) {
        suspect(facts, false);
        if (!isAboveMidpoint(facts)) {
            fullNanos = null;
        } else if (fullNanos == null) {
            fullNanos = facts.nowNanos();
        } else if (worst != null && facts.nowNanos() - fullNanos >= patienceNanos) {
            return condemn(worst, ofHeap(worst, facts), false, facts);
        }
        if (reported || facts.holders().isEmpty()) {
            return Optional.empty();
        }
        reported = true;
        return Optional.of(worst == null ? new Step.NoFigures(facts.usedBytes())
                : new Step.NoneOverShare(facts.usedBytes(), share(facts)));
    }

    private Optional<Step> follow(Victim now, boolean isUrgent, HeapFacts facts) {
        Holder holder =
                facts.holders().stream().filter(each -> each.worker() == now.worker).findFirst().orElse(null);
        if (holder == null) {
            victim = null;
            suspect(facts, true);
            standstill.begin(facts.nowNanos(), facts.collectingNanos());
            return collect(facts);
        }
        boolean getsWorse =
                !now.killed && (isUrgent || isAboveMidpoint(facts)) && facts.collections().countSince(now.at) > 0;
        if (!getsWorse && facts.nowNanos() - now.sinceNanos < patienceNanos) {
            return Optional.empty();
        }
        return condemn(holder, holder.overLimit() > 0 ? ofLimit(holder) : ofHeap(holder, facts), true, facts);
    }

    private boolean isAboveMidpoint(HeapFacts facts) {
        return facts.usedBytes() >= midpoint() * maxBytes;
    }

    /**
     * Returns the fair share of a worker. A worker that is alone deprives no other worker before the heap is nearly
     * full, and a replacement beside it would make the heap fuller.
     */
    private long share(HeapFacts facts) {
        return (long) (facts.workersOfAll() <= 1 ? midpoint() * maxBytes : threshold * maxBytes / facts.workersOfAll());
    }

    private double midpoint() {
        return (threshold + 1) / 2;
    }

    private static OverMemory ofLimit(Holder holder) {
        return new OverMemory(Limit.LIVE, holder.live(), holder.limitBytes().orElse(0));
    }

    private OverMemory ofHeap(Holder holder, HeapFacts facts) {
        long share = share(facts);
        return new OverMemory(holder.live() > share ? Limit.FAIR_SHARE : Limit.FULL_HEAP, holder.live(), share);
    }
}
