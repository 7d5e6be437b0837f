package dev.corral.rollout;

import dev.corral.ReloadPolicy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The reloads, replacements and scalings of one cluster, which run one after another in the order of the requests. Each
 * one ends with {@link Step.Finish}. If a call of {@link #next} runs out of memory, the plan is the same as before the
 * call. Not thread-safe.
 */
public final class Plan {
    private final ReloadPolicy policy;
    /** The requests; the first one is under way. */
    private final Deque<Rollout> rollouts = new ArrayDeque<>();

    /** Creates a plan without requests. */
    public Plan(ReloadPolicy policy) {
        this.policy = policy;
    }

    /** Requests that all slots run this version, which no worker has run before. */
    public void reload(long version) {
        rollouts.add(new Reloading(policy, version));
    }

    /** Requests that this worker of the slot is replaced by one of the same version. */
    public void replace(int slot, long worker) {
        rollouts.add(new Replacing(policy.readyWithin(), slot, worker));
    }

    /** Requests this number of slots. */
    public void scale(int slots) {
        rollouts.add(new Scaling(policy.readyWithin(), slots));
    }

    /** Returns whether there are no requests. */
    public boolean isIdle() {
        return rollouts.isEmpty();
    }

    /**
     * Returns the next step. Call it again when the step has been carried out, with the new facts, until it returns
     * null. Then call it after each change, and at {@link #nextLook}.
     */
    public @Nullable Step next(Facts facts) {
        Rollout rollout = rollouts.peek();
        Step step = rollout == null ? null : rollout.next(facts);
        if (step instanceof Step.Finish) {
            rollouts.remove();
        }
        return step;
    }

    /**
     * Returns the time at which to call {@link #next} again even if nothing changes. Valid after {@link #next} has
     * returned null.
     */
    public OptionalLong nextLook() {
        Rollout rollout = rollouts.peek();
        return rollout == null ? OptionalLong.empty() : rollout.nextLook();
    }

    /** Ends all requests, and returns the outcome of each one, in their order. */
    public List<Outcome> close() {
        List<Outcome> outcomes = rollouts.stream().map(Rollout::closed).toList();
        rollouts.clear();
        return outcomes;
    }
}
