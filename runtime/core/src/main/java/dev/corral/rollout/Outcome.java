package dev.corral.rollout;

import java.time.Duration;

/** How a request ended. */
public sealed interface Outcome {
    /** Stands for a slot where none is to blame. */
    int NO_SLOT = -1;

    /**
     * It was done.
     *
     * @param slots that it has changed
     * @param took since its turn
     */
    record Done(int slots, Duration took) implements Outcome {}

    /** It was not; what was there before is there again. */
    record Failed(int slot, String why) implements Outcome {}

    /** It was not, because nothing goes on any more. */
    static Outcome closed() {
        return new Failed(NO_SLOT, "the cluster was closed");
    }
}
