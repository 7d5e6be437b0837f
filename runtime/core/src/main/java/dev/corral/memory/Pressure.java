package dev.corral.memory;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides who has to go when the heap is short. Over the threshold after a collection is a suspicion; over it after one of the whole heap, or, past
 * the middle between threshold and full, after {@value #HASTE} more of any kind, is pressure. Then the worker furthest over its fair share is
 * recycled; and killed, when that does not help in time. When it is gone, what it has left is garbage, and everything begins anew.
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
    /** Null while the heap is below the threshold. */
    private @Nullable Collections suspectedAt;
    /** Null while nobody has to go. */
    private @Nullable Victim victim;
    /** Whether it was told that nobody is to blame. */
    private boolean told;

    private record Victim(long worker, Collections at, long sinceNanos, boolean killed) {}

    /** A heap of so many bytes at most. */
    public Pressure(MemoryPolicy policy, long maxBytes) {
        this.threshold = policy.heapPressure();
        this.maxBytes = maxBytes;
        this.patienceNanos = Math.min(NANOSECONDS.convert(policy.period()), Long.MAX_VALUE / PATIENCE) * PATIENCE;
    }

    /**
     * What there is at one moment.
     *
     * @param collections counted before the rest was looked at
     * @param usedBytes of the heap, after the last of them
     * @param workersOfAll workers in this JVM, of other clusters too
     * @param holders those who may have to go
     */
    public record Facts(long nowNanos, Collections collections, long usedBytes, int workersOfAll,
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
        if (threshold >= 1 || facts.usedBytes < threshold * maxBytes) {
            suspectedAt = null;
            victim = null;
            told = false;
            return Optional.empty();
        }
        if (suspectedAt == null) {
            return suspect(facts);
        }
        return victim != null ? follow(victim, facts) : judge(suspectedAt, facts);
    }

    private Optional<Step> suspect(Facts facts) {
        suspectedAt = facts.collections;
        return told ? Optional.empty() : Optional.of(new Step.Collect(isPastTheMiddle(facts)));
    }

    private Optional<Step> judge(Collections suspected, Facts facts) {
        boolean isPressure = facts.collections.haveSeenAllSince(suspected)
                || (isPastTheMiddle(facts) && facts.collections.countSince(suspected) >= HASTE);
        if (!isPressure) {
            return told ? Optional.empty() : Optional.of(new Step.Collect(isPastTheMiddle(facts)));
        }
        Holder worst = facts.holders.stream().filter(holder -> holder.liveBytes.isPresent())
                .max(Comparator.comparingLong(Pressure::live)).orElse(null);
        if (worst == null) {
            return facts.holders.isEmpty() ? Optional.empty() : tell(facts, new Step.NoFigures(facts.usedBytes));
        }
        if (live(worst) <= share(facts)) {
            return tell(facts, new Step.NobodyToBlame(facts.usedBytes, share(facts)));
        }
        victim = new Victim(worst.worker, facts.collections, facts.nowNanos, false);
        return Optional.of(new Step.Condemn(worst.worker, reason(worst, facts), false));
    }

    /** Somebody may be over the share after the next collection of the whole heap. */
    private Optional<Step> tell(Facts facts, Step step) {
        suspectedAt = facts.collections;
        boolean isNew = !told;
        told = true;
        return isNew ? Optional.of(step) : Optional.empty();
    }

    private Optional<Step> follow(Victim now, Facts facts) {
        Holder holder =
                facts.holders.stream().filter(each -> each.worker == now.worker).findFirst().orElse(null);
        if (holder == null) {
            victim = null;
            return suspect(facts);
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
