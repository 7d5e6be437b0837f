package dev.corral.rollout;

/** The next step of a rollout, which the caller must carry out. */
public sealed interface Step {
    /** Fork a new worker of this version for the slot; it takes the place of the current one as soon as it is ready. */
    record Replace(int slot, long version) implements Step {}

    /** End the slot's replacement, which is not ready in time. The worker that it was to replace keeps serving. */
    record Drop(int slot) implements Step {}

    /**
     * Abort the version. Its workers that are not yet ready are ended, and the previous state is restored: restart
     * histories, and slots that had given up.
     *
     * @param slot the slot of the worker that failed
     * @param worker the worker that failed
     */
    record Abort(long version, int slot, long worker) implements Step {}

    /** Make the version the one that new workers run. There is no way back. */
    record Commit(long version) implements Step {}

    /** Add a slot. */
    record Open() implements Step {}

    /** Disconnect the slot's worker. */
    record Close(int slot) implements Step {}

    /** Complete the request that is under way. */
    record Finish(Outcome outcome) implements Step {}
}
