package dev.corral;

import dev.corral.text.Checks;
import java.time.Duration;

/**
 * The deadlines of a stop, each 0 and up. A deadline of more than 36,500 days counts as 36,500 days. The next step
 * begins at the deadline at the latest. The sum of the defaults is below the 30 s that Kubernetes waits.
 *
 * @param drain time for connections to finish and {@link WorkerContext#onDrain} actions to return
 * @param stop time for shutdown hooks. A worker whose hooks have not returned by then is killed, with exit code 137.
 *        The steps after the hooks do not count; on a busy machine they may take long when many workers end at the same
 *        time
 * @param kill time for threads to end after they were killed; threads that still run then are abandoned
 */
public record StopPolicy(Duration drain, Duration stop, Duration kill) {
    /** 15 s, 8 s and 2 s. */
    public static final StopPolicy DEFAULT = new StopPolicy(Duration.ofSeconds(15), Duration.ofSeconds(8),
            Duration.ofSeconds(2));

    /** Creates the record and checks the ranges. */
    public StopPolicy {
        Checks.check("the drain deadline", drain, Duration.ZERO);
        Checks.check("the stop deadline", stop, Duration.ZERO);
        Checks.check("the kill deadline", kill, Duration.ZERO);
        drain = Checks.atMostACentury(drain);
        stop = Checks.atMostACentury(stop);
        kill = Checks.atMostACentury(kill);
    }

    /** Returns the time after which a worker has ended, or its threads are abandoned: the sum of the deadlines. */
    public Duration total() {
        return drain.plus(stop).plus(kill);
    }

    /** Returns a copy with another drain deadline. */
    public StopPolicy withDrain(Duration drain) {
        return new StopPolicy(drain, stop, kill);
    }

    /** Returns a copy with another stop deadline. */
    public StopPolicy withStop(Duration stop) {
        return new StopPolicy(drain, stop, kill);
    }

    /** Returns a copy with another kill deadline. */
    public StopPolicy withKill(Duration kill) {
        return new StopPolicy(drain, stop, kill);
    }
}
