package dev.corral.memory;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides who has to go when the heap is short. Over the threshold after a collection is a suspicion; over it after one of the whole heap, when
 * it is known what that has left of whom, is pressure. So it is past the middle between threshold and full after {@value #HASTE} more of
 * any kind; and at once there where the whole heap is collected concurrently, for that takes seconds and may come too late, and figures are
 * of such a collection in any case. Then the worker furthest over its fair share is recycled; and killed, when that does not help in
 * time, or where there is none and half of the heap is its own. When it is gone, what it has left is garbage, and everything begins anew.
 * Not thread-safe.
 */
public final class Pressure {
    /** Periods that a recycling may take under pressure. */
    static final int PATIENCE = 10;
    /** Collections of any kind that stand for one of the whole heap when there is no time for it. */
    static final int HASTE = 3;

    private final double threshold;
    private final long maxBytes;
    private final long patienceNanos;
    private final Foresight foresight;
    /** At the last look; null before the first. */
    private @Nullable Collections last;
    /** Null while the heap is below the threshold. */
    private @Nullable Collections suspectedAt;
    /** Whether somebody has just gone, so that a collection that was under way then proves nothing. */
    private boolean isAnew;
    /** When it was seen that it is not garbage that fills the heap; null before that. */
    private @Nullable Long provenNanos;
    /** Null while nobody has to go. */
    private @Nullable Victim victim;
    /** Whether it was told that nobody is to blame. */
    private boolean told;

    private record Victim(long worker, Collections at, long sinceNanos, boolean killed) {}

    /** A heap of so many bytes at most. */
    public Pressure(MemoryPolicy policy, long maxBytes) {
        this.threshold = policy.heapPressure();
        this.maxBytes = maxBytes;
        this.foresight = new Foresight(threshold * maxBytes, maxBytes);
        this.patienceNanos = Math.min(NANOSECONDS.convert(policy.period()), Long.MAX_VALUE / PATIENCE) * PATIENCE;
    }

    /**
     * What there is at one moment.
     *
     * @param collections counted before the rest was looked at
     * @param usedBytes of the heap, after the last of them
     * @param inUseBytes of the heap, now
     * @param workersOfAll workers in this JVM, of other clusters too
     * @param holders those who may have to go
     */
    public record Facts(long nowNanos, Collections collections, long usedBytes, long inUseBytes, int workersOfAll,
            List<Holder> holders) {}

    /** A worker. */
    public record Holder(long worker, OptionalLong liveBytes) {}

    /** What is to be done. */
    public sealed interface Step {
        /**
         * A collection of the whole heap is asked for, if it may be.
         *
         * @param urgent whether there is little time
         */
        record Collect(boolean urgent) implements Step {}

        /** The worker is replaced; or, {@code now}, killed. */
        record Condemn(long worker, OverMemory reason, boolean now) implements Step {}

        /** Nobody is over the fair share, so nobody is touched; told once. */
        record NobodyToBlame(long usedBytes, long shareBytes) implements Step {}

        /** Nobody's live bytes are known; told once. */
        record NoFigures(long usedBytes) implements Step {}
    }

    /** What to do now; empty: nothing. */
    public Optional<Step> look(Facts facts) {
        boolean foresees = foresight.look(facts);
        boolean haveFreed = last != null && facts.collections.haveFreedSince(last);
        last = facts.collections;
        if (threshold >= 1 || facts.usedBytes < threshold * maxBytes) {
            suspectedAt = null;
            victim = null;
            told = false;
            return foresees && threshold < 1 ? Optional.of(new Step.Collect(false)) : Optional.empty();
        }
        if (victim != null) {
            return follow(victim, facts);
        }
        if (suspectedAt == null) {
            suspect(facts, false);
        }
        return judge(requireNonNull(suspectedAt), haveFreed, facts);
    }

    private void suspect(Facts facts, boolean anew) {
        suspectedAt = facts.collections;
        isAnew = anew;
        provenNanos = null;
    }

    /** After it was told that nobody is to blame it would come to nothing again and again. */
    private Optional<Step> collect(Facts facts) {
        return told ? Optional.empty() : Optional.of(new Step.Collect(isPastTheMiddle(facts)));
    }

    private Optional<Step> judge(Collections suspected, boolean haveFreed, Facts facts) {
        if (provenNanos == null && ((haveFreed && !isAnew) || facts.collections.haveSeenAllSince(suspected))) {
            provenNanos = facts.nowNanos;
        }
        boolean isSettled = provenNanos != null && facts.nowNanos - provenNanos >= LiveBytes.SETTLING_NANOS;
        boolean haveManyEnded = facts.collections.countSince(suspected) >= HASTE;
        boolean isHaste = isPastTheMiddle(facts) && !isAnew && (facts.collections.areConcurrent() || haveManyEnded);
        if (!isSettled && !isHaste) {
            return provenNanos != null ? Optional.empty() : collect(facts);
        }
        Holder worst = facts.holders.stream().filter(holder -> holder.liveBytes.isPresent())
                .max(Comparator.comparingLong(Pressure::live)).orElse(null);
        if (worst == null || live(worst) <= share(facts)) {
            boolean isCertain = facts.collections.haveSeenAllSince(suspected) || (isHaste && haveManyEnded);
            return isCertain ? blameNobody(facts, worst) : doubt(facts);
        }
        boolean isLast = isHaste && facts.collections.areConcurrent() && live(worst) > maxBytes / 2;
        victim = new Victim(worst.worker, facts.collections, facts.nowNanos, isLast);
        return Optional.of(new Step.Condemn(worst.worker, reason(worst, facts), isLast));
    }

    /** What was in use at the end of a collection may have become garbage while that was under way: of one who has gone since, say. */
    private Optional<Step> doubt(Facts facts) {
        provenNanos = null;
        return collect(facts);
    }

    /** Tells it once. Somebody may be over the share after the next collection of the whole heap. */
    private Optional<Step> blameNobody(Facts facts, @Nullable Holder worst) {
        suspect(facts, false);
        if (told || facts.holders.isEmpty()) {
            return Optional.empty();
        }
        told = true;
        return Optional.of(worst == null ? new Step.NoFigures(facts.usedBytes)
                : new Step.NobodyToBlame(facts.usedBytes, share(facts)));
    }

    private Optional<Step> follow(Victim now, Facts facts) {
        Holder holder =
                facts.holders.stream().filter(each -> each.worker == now.worker).findFirst().orElse(null);
        if (holder == null) {
            victim = null;
            suspect(facts, true);
            return collect(facts);
        }
        boolean getsWorse = !now.killed && isPastTheMiddle(facts) && facts.collections.countSince(now.at) > 0;
        if (!getsWorse && facts.nowNanos - now.sinceNanos < patienceNanos) {
            return Optional.empty();
        }
        victim = new Victim(now.worker, facts.collections, facts.nowNanos, true);
        return Optional.of(new Step.Condemn(now.worker, reason(holder, facts), true));
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

    private OverMemory reason(Holder holder, Facts facts) {
        return new OverMemory("heap pressure", live(holder), share(facts));
    }

    private static long live(Holder holder) {
        return holder.liveBytes.orElse(0);
    }
}
