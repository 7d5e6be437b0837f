package dev.corral;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a worker may be silent. It is looked at once in each interval. A look is <i>missed</i> if in all of the interval
 * before it one of the worker's carriers was inside the same task, or one of its platform threads did nothing but burn CPU, or
 * the same connection waited to be accepted. After {@code missed} of them in a row the worker is a zombie: it is killed, and the
 * slot restarts as after a crash. One that loads classes, that waits for something else, or that the machine gives no CPU, is none.
 *
 * <p>Counted from the moment that the worker is ready, or that {@code startDeadline} has passed without that.
 *
 * @param interval between two looks; 1 ms to 1 h, or 0 for no looks at all
 * @param missed looks in a row that make a zombie; 1 to 1000
 * @param startDeadline from the fork on. A worker that is to say that it is ready ({@link ClusterConfig#withReadySignal}) and
 *     has not done so by then is a zombie; any other one is watched from then on. 1 ms and up
 * @param underDebugger whether verdicts are passed in a JVM that a debugger may attach to (JDWP): a worker at a breakpoint is
 *     silent as well
 */
public record HeartbeatPolicy(Duration interval, int missed, Duration startDeadline, boolean underDebugger) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST = 1000;

    /** Every second, three in a row, 60 s to start, not under a debugger. */
    public static final HeartbeatPolicy DEFAULT = new HeartbeatPolicy(Duration.ofSeconds(1), 3, Duration.ofSeconds(60),
            false);
    /** Nobody looks. */
    public static final HeartbeatPolicy OFF = DEFAULT.withInterval(Duration.ZERO);

    /** Checks the ranges. */
    public HeartbeatPolicy {
        requireNonNull(interval, "interval");
        requireNonNull(startDeadline, "startDeadline");
        if (!interval.isZero() && (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "the heartbeat interval is " + interval + "; it must be from 1 ms to 1 h, or 0 for none");
        }
        if (missed < 1 || missed > MOST) {
            throw new IllegalArgumentException("missed heartbeats are " + missed + "; they must be from 1 to " + MOST);
        }
        if (startDeadline.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("the start deadline is " + startDeadline + "; it must be 1 ms or more");
        }
    }

    /** The default with another interval. */
    public static HeartbeatPolicy every(Duration interval) {
        return DEFAULT.withInterval(interval);
    }

    /** Replaces the interval. */
    public HeartbeatPolicy withInterval(Duration interval) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger);
    }

    /** Replaces the number of looks. */
    public HeartbeatPolicy withMissed(int missed) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger);
    }

    /** Replaces the start deadline. */
    public HeartbeatPolicy withStartDeadline(Duration startDeadline) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger);
    }

    /** Replaces whether verdicts are passed in a JVM that a debugger may attach to. */
    public HeartbeatPolicy withUnderDebugger(boolean underDebugger) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger);
    }

    /** Whether anybody looks. */
    public boolean isOn() {
        return !interval.isZero();
    }
}
