package dev.corral.rollout;

import java.time.Duration;

/** How a request ended. */
public sealed interface Outcome {
    /** Used if no slot caused the failure. */
    int NO_SLOT = -1;

    /**
     * The request was carried out.
     *
     * @param slots the number of slots that it has changed
     * @param took the time since its turn began
     */
    record Done(int slots, Duration took) implements Outcome {}

    /** The request was not carried out; the previous state was restored. */
    record Failed(int slot, String why) implements Outcome {}

    /** Returns the outcome of a request that was not carried out because the cluster was closed. */
    static Outcome closed() {
        return new Failed(NO_SLOT, "the cluster was closed");
    }
}
