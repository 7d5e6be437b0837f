package dev.corral.memory;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import dev.corral.memory.CollectionRequests.Haste;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which worker has to go when the heap is short.
 *
 * <ul>
 * <li>If more than the threshold is in use after a collection of any kind, the heap may be short: this is a suspicion. If more than the threshold is
 * in use after a collection of the whole heap, and the live bytes of the workers are known as of that collection, the heap is short: this is
 * pressure.
 * <li>Usage above the midpoint between the threshold and a full heap also counts as pressure: after {@value #HASTE} further collections of any
 * kind, or immediately if the whole heap is collected concurrently, because such a collection takes seconds and may end too late.
 * <li>Under pressure, the worker that exceeds its fair share most is recycled. It is killed if recycling it does not help in time, or if there is
 * no time and it has half of the heap. After it has gone, what it has left is garbage, so the decision begins anew.
 * <li>A worker over its own limit goes first, and a suspicion is enough.
 * <li>If no worker exceeds a limit or its share, and usage stays above the midpoint for {@value #PATIENCE} periods, the largest worker is recycled.
 * <li>If collections take most of the time ({@link Standstill}), nothing is waited for: the worker over its limit, or otherwise the largest, is
 * killed, whatever the shares are. The same holds if the heap will be full in a moment ({@link Rush}), after a collection has shown that
 * the growth is no garbage. While one worker is being killed, and until the whole heap has been collected after its end, another one
 * is killed only if it keeps a good part of its share.
 * </ul>
 *
 * <p>Not thread-safe.
 */
public final class Pressure {
    /** Of the heap: where less is in use after a collection, collections that take most of the time have another cause than want of room. */
    private static final double HALF = 0.5;
    /** After so long without a rush the next one is another one. */
    private static final long RUSH_NANOS = 2_000_000_000;
    /** Where the heap would be full in less, a worker over its limit goes, and a collection shows whether others have to. */
    private static final long SOON_NANOS = 4_000_000_000L;
    /** Where it would be full in less, others do. */
    private static final long AT_ONCE_NANOS = 1_500_000_000;
    /** Of its fair share: while the room that another one leaves is still to come, a worker that keeps less is not killed. */
    private static final double WORTH_IT = 0.25;
    /** From one that is killed to the next, where the heap will be full in a moment. */
    private static final long NEXT_NANOS = 150_000_000;
    /** After somebody had to go, connections are counted for this time. */
    private static final long CAREFUL_NANOS = 5_000_000_000L;
    /** Periods that a recycling may take under pressure. */
    static final int PATIENCE = 10;
    /** Collections of any kind that stand for one of the whole heap when there is no time for it. */
    static final int HASTE = 3;

    private final double threshold;
    private final long maxBytes;
    private final long patienceNanos;
    private final EarlyCollection earlyCollection;
    private final Standstill standstill = new Standstill();
    private final Rush rush;
    /** At the last look; null before the first. */
    private @Nullable CollectionCounts last;
    /** Null while the heap is below the threshold. */
    private @Nullable CollectionCounts suspectedAt;
    /** Whether somebody has just gone, so that a collection that was under way then proves nothing. */
    private boolean isAnew;
    /** When it was seen that it is not garbage that fills the heap; null before that. */
    private @Nullable Long provenNanos;
    /** Null while nobody has to go. */
    private @Nullable Victim victim;
    /** Those that are to be killed, and have not gone. */
    private final Set<Long> condemned = new HashSet<>();
    /** When somebody was condemned last, to be replaced or killed; null before that. */
    private @Nullable Long condemnedNanos;
    private final Valve valve;
    /** Whether there was too little room at the last look. */
    private boolean isShort;
    /** What had been collected when a rush was noticed; null after a while without one. */
    private @Nullable CollectionCounts rushedAt;
    /** When there was one last. */
    private long rushNanos;
    /** When the heap was first seen past the middle with nobody to blame; null while that is not so. */
    private @Nullable Long fullNanos;
    /** Whether it was told that nobody is to blame. */
    private boolean told;

    private record Victim(long worker, CollectionCounts at, long sinceNanos, boolean killed) {}

    /** A heap of so many bytes at most. */
    public Pressure(MemoryPolicy policy, long maxBytes) {
        this.threshold = policy.heapPressure();
        this.maxBytes = maxBytes;
        this.rush = new Rush(maxBytes);
        this.valve = new Valve(policy.heapPressure(), maxBytes);
        this.earlyCollection = new EarlyCollection(threshold * maxBytes, maxBytes);
        this.patienceNanos = Math.min(NANOSECONDS.convert(policy.period()), Long.MAX_VALUE / PATIENCE) * PATIENCE;
    }

    /**
     * What there is at one moment.
     *
     * @param collections counted before the rest was looked at
     * @param usedBytes of the heap, after the last of them
     * @param inUseBytes of the heap, now
     * @param oldBytes of the heap in use now, but for young objects; 0 where that is not known
     * @param collectingNanos what collections have taken since the start of the JVM, while threads waited
     * @param workersOfAll workers in this JVM, of other clusters too
     * @param holders those who may have to go
     */
    public record Facts(long nowNanos, CollectionCounts collections, long usedBytes, long inUseBytes, long oldBytes,
            long collectingNanos, int workersOfAll, List<Holder> holders) {}

    /**
     * A worker.
     *
     * @param limitBytes what it may keep; empty: it has no limit of its own
     */
    public record Holder(long worker, OptionalLong liveBytes, OptionalLong limitBytes) {
        private long live() {
            return liveBytes.orElse(0);
        }

        private long overLimit() {
            return limitBytes.isEmpty() ? 0 : live() - limitBytes.getAsLong();
        }
    }

    /** What is to be done. */
    public sealed interface Step {
        /** A collection of the whole heap is asked for, if it may be. */
        record Collect(Haste haste) implements Step {}

        /** The worker is replaced; or, {@code now}, killed. */
        record Condemn(long worker, OverMemory reason, boolean now) implements Step {}

        /** Nobody is over the fair share, so nobody is touched; told once. */
        record NobodyToBlame(long usedBytes, long shareBytes) implements Step {}

        /** Nobody's live bytes are known; told once. */
        record NoFigures(long usedBytes) implements Step {}
    }

    /**
     * Whether it matters what workers keep.
     *
     * @param bytes of the heap that are in use after a collection, or now but for young objects
     */
    public boolean isInterested(long bytes) {
        return threshold < 1 && bytes >= Math.min(threshold, HALF) * maxBytes;
    }

    /** What to do now; empty: nothing. */
    public Optional<Step> look(Facts facts) {
        boolean foresees = earlyCollection.look(facts);
        boolean haveFreed = last != null && facts.collections.haveFreedSince(last);
        last = facts.collections;
        boolean isStill = isStill(facts);
        long leftNanos = rush.look(facts.nowNanos, facts.oldBytes);
        boolean isRush = leftNanos < SOON_NANOS && facts.oldBytes >= HALF * maxBytes;
        isShort = threshold < 1 && (facts.usedBytes >= threshold * maxBytes || isStill || isRush);
        if (!isShort) {
            suspectedAt = null;
            boolean isOver = facts.oldBytes < HALF * maxBytes || facts.nowNanos - rushNanos >= RUSH_NANOS;
            rushedAt = isOver ? null : rushedAt;
            victim = null;
            fullNanos = null;
            told = false;
            return foresees && threshold < 1 ? Optional.of(new Step.Collect(Haste.NONE)) : Optional.empty();
        }
        condemned.retainAll(facts.holders.stream().map(Holder::worker).toList());
        if (victim != null && isRush && victim.killed && facts.nowNanos - victim.sinceNanos >= NEXT_NANOS) {
            victim = null; // its end is on its way, and what others keep does not wait for that
        }
        if (victim != null) {
            return follow(victim, isStill || isRush, facts);
        }
        if (suspectedAt == null) {
            suspect(facts, false);
        }
        if (!condemned.isEmpty() && condemned.size() >= facts.holders.size() - 1) {
            return Optional.empty(); // somebody has to serve
        }
        boolean isUrgent = isStill || (isRush && hasBeenCollected(facts) && leftNanos < AT_ONCE_NANOS);
        return isRush && !isUrgent && facts.usedBytes < threshold * maxBytes ? collectInRush(facts)
                : judge(requireNonNull(suspectedAt), haveFreed, isUrgent, facts);
    }

    /** Whether a collection of the whole heap has ended since the rush was noticed, so that garbage is not what grows. */
    private boolean hasBeenCollected(Facts facts) {
        rushNanos = facts.nowNanos;
        if (rushedAt == null) {
            rushedAt = facts.collections;
        }
        return facts.collections.haveSeenAllSince(rushedAt);
    }

    private Optional<Step> collectInRush(Facts facts) {
        Holder over = furthestOverLimit(facts);
        return over == null ? Optional.of(new Step.Collect(haste(facts.nowNanos)))
                : condemn(over, ofLimit(over), true, facts);
    }

    private Stream<Holder> candidates(Facts facts) {
        return facts.holders.stream().filter(holder -> !condemned.contains(holder.worker));
    }

    private @Nullable Holder furthestOverLimit(Facts facts) {
        return candidates(facts).filter(holder -> holder.overLimit() > 0)
                .max(Comparator.comparingLong(Holder::overLimit)).orElse(null);
    }

    /** Whether the heap is short, or will be full in a moment, and somebody has been condemned to be killed who has not gone. */
    public boolean isWaitingForRoom() {
        return isShort && !condemned.isEmpty();
    }

    /**
     * Whether a worker had to go in the last moments, so that what grows is no garbage, and the next connections may fill the heap before
     * another one can be ended.
     */
    public boolean isCareful(long nowNanos) {
        return condemnedNanos != null && nowNanos - condemnedNanos < CAREFUL_NANOS;
    }

    /** How soon a collection is to follow the one before, where there is little room. */
    public Haste haste(long nowNanos) {
        return isCareful(nowNanos) ? Haste.AT_ONCE : Haste.URGENT;
    }

    /**
     * How many more connections may be accepted until the next look; {@code Long.MAX_VALUE} for no limit.
     *
     * @param filledBytes of the heap, without young objects where they are known
     */
    public long admission(long nowNanos, long filledBytes) {
        return isCareful(nowNanos) ? valve.look(nowNanos, filledBytes) : Valve.UNLIMITED;
    }

    /** Where the whole heap is collected beside the program, the time alone tells nothing: it is so with much garbage as well. */
    private boolean isStill(Facts facts) {
        boolean takesMost = standstill.look(facts.nowNanos, facts.collectingNanos);
        return takesMost && facts.usedBytes >= (facts.collections.areConcurrent() ? middle() : HALF) * maxBytes;
    }

    private void suspect(Facts facts, boolean anew) {
        suspectedAt = facts.collections;
        isAnew = anew;
        provenNanos = null;
    }

    /** After it was told that nobody is to blame it would come to nothing again and again, unless somebody has to go all the same. */
    private Optional<Step> collect(Facts facts) {
        if (isCareful(facts.nowNanos)) {
            return Optional.of(new Step.Collect(Haste.AT_ONCE));
        }
        Haste haste = isPastTheMiddle(facts) ? Haste.URGENT : Haste.NONE;
        return told && fullNanos == null ? Optional.empty() : Optional.of(new Step.Collect(haste));
    }

    private Optional<Step> judge(CollectionCounts suspected, boolean haveFreed, boolean isUrgent, Facts facts) {
        Holder over = furthestOverLimit(facts);
        if (over != null) {
            return condemn(over, ofLimit(over), isUrgent || isPastTheMiddle(facts), facts);
        }
        if (provenNanos == null && ((haveFreed && !isAnew) || facts.collections.haveSeenAllSince(suspected))) {
            provenNanos = facts.nowNanos;
        }
        boolean isSettled = provenNanos != null && facts.nowNanos - provenNanos >= LiveBytes.SETTLING_NANOS;
        boolean haveManyEnded = facts.collections.countSince(suspected) >= HASTE;
        boolean isHaste = isPastTheMiddle(facts) && !isAnew && (facts.collections.areConcurrent() || haveManyEnded);
        if (!isSettled && !isHaste && !isUrgent) {
            return provenNanos != null ? Optional.empty() : collect(facts);
        }
        Holder worst = candidates(facts).filter(holder -> holder.liveBytes.isPresent())
                .max(Comparator.comparingLong(Holder::live)).orElse(null);
        if (isUrgent && worst != null) {
            boolean isRoomToCome = !condemned.isEmpty() || (isAnew && !facts.collections.haveSeenAllSince(suspected));
            if (!isRoomToCome || worst.live() >= WORTH_IT * share(facts)) {
                return condemn(worst, ofHeap(worst, facts), true, facts);
            }
            return condemned.isEmpty() ? collect(facts) : Optional.empty();
        }
        if (worst == null || worst.live() <= share(facts)) {
            boolean isCertain = facts.collections.haveSeenAllSince(suspected) || (isHaste && haveManyEnded);
            return isCertain ? blameNobody(facts, worst) : doubt(facts);
        }
        boolean isLast = isHaste && facts.collections.areConcurrent() && worst.live() > HALF * maxBytes;
        return condemn(worst, ofHeap(worst, facts), isLast, facts);
    }

    private Optional<Step> condemn(Holder holder, OverMemory reason, boolean now, Facts facts) {
        fullNanos = null;
        condemnedNanos = facts.nowNanos;
        standstill.begin(facts.nowNanos, facts.collectingNanos);
        victim = new Victim(holder.worker, facts.collections, facts.nowNanos, now);
        if (now) {
            condemned.add(holder.worker);
        }
        return Optional.of(new Step.Condemn(holder.worker, reason, now));
    }

    /** What was in use at the end of a collection may have become garbage while that was under way: of one who has gone since, say. */
    private Optional<Step> doubt(Facts facts) {
        provenNanos = null;
        return collect(facts);
    }

    /** Tells it once. Somebody may be over the share after the next collection of the whole heap. */
    private Optional<Step> blameNobody(Facts facts, @Nullable Holder worst) {
        suspect(facts, false);
        if (!isPastTheMiddle(facts)) {
            fullNanos = null;
        } else if (fullNanos == null) {
            fullNanos = facts.nowNanos;
        } else if (worst != null && facts.nowNanos - fullNanos >= patienceNanos) {
            return condemn(worst, ofHeap(worst, facts), false, facts);
        }
        if (told || facts.holders.isEmpty()) {
            return Optional.empty();
        }
        told = true;
        return Optional.of(worst == null ? new Step.NoFigures(facts.usedBytes)
                : new Step.NobodyToBlame(facts.usedBytes, share(facts)));
    }

    private Optional<Step> follow(Victim now, boolean isUrgent, Facts facts) {
        Holder holder =
                facts.holders.stream().filter(each -> each.worker == now.worker).findFirst().orElse(null);
        if (holder == null) {
            victim = null;
            suspect(facts, true);
            standstill.begin(facts.nowNanos, facts.collectingNanos);
            return collect(facts);
        }
        boolean getsWorse =
                !now.killed && (isUrgent || isPastTheMiddle(facts)) && facts.collections.countSince(now.at) > 0;
        if (!getsWorse && facts.nowNanos - now.sinceNanos < patienceNanos) {
            return Optional.empty();
        }
        return condemn(holder, holder.overLimit() > 0 ? ofLimit(holder) : ofHeap(holder, facts), true, facts);
    }

    private boolean isPastTheMiddle(Facts facts) {
        return facts.usedBytes >= middle() * maxBytes;
    }

    /** One that is alone takes nothing from anybody before the heap is all but full, and beside a fresh one there would be less. */
    private long share(Facts facts) {
        return (long) (facts.workersOfAll <= 1 ? middle() * maxBytes : threshold * maxBytes / facts.workersOfAll);
    }

    private double middle() {
        return (threshold + 1) / 2;
    }

    private static OverMemory ofLimit(Holder holder) {
        return new OverMemory(Limit.LIVE, holder.live(), holder.limitBytes.orElse(0));
    }

    private OverMemory ofHeap(Holder holder, Facts facts) {
        long share = share(facts);
        return new OverMemory(holder.live() > share ? Limit.FAIR_SHARE : Limit.FULL_HEAP, holder.live(), share);
    }
}
