package dev.corral.rollout;

import dev.corral.ReloadPolicy;
import dev.corral.rollout.Facts.SlotFacts;
import dev.corral.rollout.Facts.Stage;
import dev.corral.rollout.Facts.WorkerFacts;
import dev.corral.text.Quantities;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives every slot a worker of another version. If one of them fails, gives the old version back to the slots that have
 * the new one.
 */
final class Reloading extends Rollout {
    /**
     * The number of workers that may be ending, in addition to those that have taken their places, is the number of
     * slots divided by this.
     */
    private static final int LEAVING_SHARE = 2;

    private final ReloadPolicy policy;
    private final long target;
    private Phase phase = Phase.ROLLING;
    private OptionalLong startedNanos = OptionalLong.empty();
    /** The first replacement, while its bake time runs, and the start of that time. */
    private long canary;
    private long bakingSinceNanos;
    private boolean baked;
    private int replaced;
    /** Null unless the reload was aborted. */
    private Outcome.@Nullable Failed failure;

    /** The phase of the reload. */
    private enum Phase {
        ROLLING,
        /** All slots have the new code; old workers are still ending. */
        COMMITTED,
        ROLLING_BACK
    }

    Reloading(ReloadPolicy policy, long target) {
        this.policy = policy;
        this.target = target;
        this.baked = policy.bake().isZero();
    }

    @Override
    @Nullable
    Step decide(Facts facts) {
        if (startedNanos.isEmpty()) {
            startedNanos = OptionalLong.of(facts.nowNanos());
        }
        return switch (phase) {
            case ROLLING -> roll(facts);
            case COMMITTED -> awaitOld(facts);
            case ROLLING_BACK -> rollBack(facts);
        };
    }

    private @Nullable Step roll(Facts facts) {
        List<SlotFacts> open = facts.open();
        for (SlotFacts slot : open) {
            Step abort = abortIfFailed(slot);
            if (abort != null) {
                return abort;
            }
        }
        List<SlotFacts> done = open.stream().filter(slot -> slot.runs(target)).toList();
        int atOnce = mayGoOn(done, facts.nowNanos()) ? policy.parallel() : done.isEmpty() ? 1 : 0;
        if (done.size() == open.size() && (baked || open.isEmpty())) {
            var commit = new Step.Commit(target);
            replaced = done.size();
            phase = Phase.COMMITTED;
            return commit;
        }
        return replaceNext(facts, target, atOnce, slot -> !slot.runs(target));
    }

    private @Nullable Step abortIfFailed(SlotFacts slot) {
        WorkerFacts fresh = slot.runs(target) ? slot.current() : slot.replacement();
        if (fresh == null) {
            return null;
        }
        if (fresh.stage() == Stage.GOING) {
            boolean wasReady = fresh == slot.current();
            return abort(slot, fresh, fresh.end() + (wasReady ? "" : ", before it was ready"));
        }
        if (fresh.stage() == Stage.STARTING && isOver(fresh.forkedNanos(), policy.readyWithin())) {
            return abort(slot, fresh, "was not ready within " + Quantities.text(policy.readyWithin()));
        }
        return null;
    }

    private Step abort(SlotFacts slot, WorkerFacts fresh, String why) {
        failure = new Outcome.Failed(slot.number(), "worker " + fresh.id() + " " + why);
        var abort = new Step.Abort(target, slot.number(), fresh.id());
        phase = Phase.ROLLING_BACK;
        return abort;
    }

    /** Returns whether more than the first replacement may be created. */
    private boolean mayGoOn(List<SlotFacts> done, long nowNanos) {
        if (!baked && !done.isEmpty()) {
            long first = done.stream().map(SlotFacts::current).mapToLong(Reloading::idOf).min().orElseThrow();
            if (canary != first) { // it has just become ready, or the previous canary was disconnected
                canary = first;
                bakingSinceNanos = nowNanos;
            }
            baked = isOver(bakingSinceNanos, policy.bake());
        }
        return baked;
    }

    private static long idOf(@Nullable WorkerFacts worker) {
        return worker == null ? Long.MAX_VALUE : worker.id();
    }

    /**
     * Returns a replacement for the first matching slot that has none, if the number of replacements under way permits
     * another one.
     */
    private @Nullable Step replaceNext(Facts facts, long version, int atOnce, Predicate<SlotFacts> which) {
        List<SlotFacts> open = facts.open();
        int starting = (int) open.stream().filter(slot -> slot.replacement() != null).count();
        int mostLeaving = Math.max(policy.parallel(), Math.ceilDiv(open.size(), LEAVING_SHARE));
        if (starting >= atOnce || starting + facts.leaving() >= mostLeaving) {
            return null;
        }
        return open.stream().filter(slot -> slot.replacement() == null).filter(which).findFirst()
                .map(slot -> new Step.Replace(slot.number(), version)).orElse(null);
    }

    private @Nullable Step awaitOld(Facts facts) {
        return facts.versions().stream().allMatch(version -> version == target)
                ? new Step.Finish(done(facts.nowNanos()))
                : null;
    }

    private Outcome done(long nowNanos) {
        return new Outcome.Done(replaced, Duration.ofNanos(nowNanos - startedNanos.orElse(nowNanos)));
    }

    /** Returns the next step of the roll back. Slots without a worker come first, and do not wait for others. */
    private @Nullable Step rollBack(Facts facts) {
        List<SlotFacts> open = facts.open();
        for (SlotFacts slot : open) {
            WorkerFacts old = slot.replacement();
            if (old != null && old.stage() == Stage.STARTING && isOver(old.forkedNanos(), policy.readyWithin())) {
                return new Step.Drop(slot.number());
            }
            if (slot.current() == null && old == null && slot.owed() && !slot.waits()) {
                return new Step.Replace(slot.number(), facts.version());
            }
        }
        if (!facts.versions().contains(target) && open.stream().noneMatch(SlotFacts::owed)) {
            return new Step.Finish(failed());
        }
        return replaceNext(facts, facts.version(), policy.parallel(), slot -> slot.runs(target) && !slot.waits());
    }

    private Outcome.Failed failed() {
        if (failure == null) {
            throw new IllegalStateException("nothing has failed");
        }
        return failure;
    }

    @Override
    Outcome closed() {
        return switch (phase) {
            case ROLLING -> Outcome.closed();
            case COMMITTED -> done(nowNanos());
            case ROLLING_BACK ->
                    new Outcome.Failed(failed().slot(), failed().why() + "; then the cluster was closed");
        };
    }
}
