package dev.corral.rollout;

import dev.corral.ReloadPolicy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The reloads, replacements and scalings of one cluster, one after another in the order in which they were asked for. Each ends with
 * {@link Step.Finish}. Where there is no memory for an answer, the plan is as it was before the question. Not thread-safe.
 */
public final class Plan {
    private final ReloadPolicy policy;
    /** The first one is under way. */
    private final Deque<Rollout> rollouts = new ArrayDeque<>();

    /** Nothing to do yet. */
    public Plan(ReloadPolicy policy) {
        this.policy = policy;
    }

    /** All slots are to run this version, which no worker has run before. */
    public void reload(long version) {
        rollouts.add(new Reloading(policy, version));
    }

    /** This worker of the slot is to be replaced by one of the same code. */
    public void replace(int slot, long worker) {
        rollouts.add(new Replacing(policy.readyWithin(), slot, worker));
    }

    /** There are to be so many slots. */
    public void scale(int slots) {
        rollouts.add(new Scaling(policy.readyWithin(), slots));
    }

    /** Whether nothing was asked for that has not been dealt with. */
    public boolean isIdle() {
        return rollouts.isEmpty();
    }

    /**
     * What to do now: to be asked again as soon as that is done, with what holds then, until it answers null. Then after each change, and at
     * {@link #nextLook}.
     */
    public @Nullable Step next(Facts facts) {
        Rollout rollout = rollouts.peek();
        Step step = rollout == null ? null : rollout.next(facts);
        if (step instanceof Step.Finish) {
            rollouts.remove();
        }
        return step;
    }

    /** When to ask again although nothing changes, after {@link #next} has answered null. */
    public OptionalLong nextLook() {
        Rollout rollout = rollouts.peek();
        return rollout == null ? OptionalLong.empty() : rollout.nextLook();
    }

    /** Everything ends here: how each request does, in their order. */
    public List<Outcome> close() {
        List<Outcome> outcomes = rollouts.stream().map(Rollout::closed).toList();
        rollouts.clear();
        return outcomes;
    }
}
