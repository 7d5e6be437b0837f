package dev.corral;

import java.time.Duration;

/**
 * Deadlines of an end, each 0 and up; the next step follows at the latest then. The default's sum stays below the 30 s that
 * Kubernetes waits.
 *
 * @param drain for connections to finish and {@link WorkerContext#onDrain} actions to return
 * @param stop for shutdown hooks to run. A worker whose hooks have not returned by then is forced to end, with code 137. What follows the
 *     hooks is not counted: on a busy machine it may take long when many workers end at the same time
 * @param kill for threads to end by force; what still runs then is abandoned
 */
public record StopPolicy(Duration drain, Duration stop, Duration kill) {
    /** 15 s, 8 s, 2 s. */
    public static final StopPolicy DEFAULT = new StopPolicy(Duration.ofSeconds(15), Duration.ofSeconds(8),
            Duration.ofSeconds(2));

    /** Checks the ranges. */
    public StopPolicy {
        check("drain", drain);
        check("stop", stop);
        check("kill", kill);
    }

    private static void check(String name, Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException(
                    "the " + name + " deadline is " + deadline + "; it must be 0 or more");
        }
    }

    /** Replaces the drain deadline. */
    public StopPolicy withDrain(Duration drain) {
        return new StopPolicy(drain, stop, kill);
    }

    /** Replaces the stop deadline. */
    public StopPolicy withStop(Duration stop) {
        return new StopPolicy(drain, stop, kill);
    }

    /** Replaces the kill deadline. */
    public StopPolicy withKill(Duration kill) {
        return new StopPolicy(drain, stop, kill);
    }
}
