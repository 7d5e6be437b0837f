package dev.corral.rollout;

/** What is to be done next. */
public sealed interface Step {
    /** A fresh worker of this version for the slot; it takes the place of the one that is there as soon as it is ready. */
    record Replace(int slot, long version) implements Step {}

    /** The slot's replacement is not ready in time: it is ended, and the worker that it was to replace serves on. */
    record Drop(int slot) implements Step {}

    /**
     * The version fails. What is on the way to it is ended; what was there before the rollout holds again: restart histories, and slots that
     * had given up.
     *
     * @param worker that failed, of this slot
     */
    record Abort(long version, int slot, long worker) implements Step {}

    /** The version is what new workers run from now on, and there is no way back. */
    record Commit(long version) implements Step {}

    /** One more slot. */
    record Open() implements Step {}

    /** The slot's worker is disconnected. */
    record Close(int slot) implements Step {}

    /** The request whose turn it is has been dealt with. */
    record Finish(Outcome outcome) implements Step {}
}
