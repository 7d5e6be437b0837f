package dev.corral;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a worker may be silent. It is looked at once in each interval. A look is <i>missed</i> if in all of the interval
 * before it one of the worker's carriers was inside the same task, or one of its platform threads did nothing but burn CPU.
 * After {@code missed} of them in a row the worker is a zombie: it is killed, and the
 * slot restarts as after a crash. One that loads classes, that waits for something else, or that the machine gives no CPU, is none.
 *
 * <p>Counted from the moment that the worker is ready, or that {@code startDeadline} has passed without that.
 *
 * <p><b>A server that accepts no connections</b> has missed a look as well, if one waited for all of the interval. But this is no proof of
 * a fault: a server without an executor accepts nothing while it answers one long request, and nobody can tell that from a server
 * that waits for ever. So such a worker is not killed. From the first missed look on it gets no new connection to that port until its
 * server asks for one again; those that wait go to other workers, if there are some that ask; other ports of the worker are served as
 * before. There are two exceptions. A worker of which threads wait for each other (a deadlock that the JVM can find) is a zombie after
 * {@code missed} looks. And any worker is, once a connection has waited for {@code notServing}, if that is set.
 *
 * @param interval between two looks; 1 ms to 1 h, or 0 for no looks at all
 * @param missed looks in a row that make a zombie; 1 to 1000
 * @param startDeadline from the fork on. A worker that is to say that it is ready ({@link ClusterConfig#withReadySignal}) and
 *     has not done so by then is a zombie; any other one is watched from then on. Also, a worker that fails before it has lived for so long
 *     is a failed start: see {@link RestartPolicy}. 1 ms and up
 * @param underDebugger whether verdicts are passed in a JVM that a debugger may attach to (JDWP): a worker at a breakpoint is
 *     silent as well
 * @param notServing how long a server may accept no connection while one waits, before its worker is a zombie; 1 ms and up, or 0 (the
 *     default) for ever. Longer than the longest request of a server that accepts and answers on one thread. At least
 *     {@code missed} looks
 */
public record HeartbeatPolicy(Duration interval, int missed, Duration startDeadline, boolean underDebugger,
        Duration notServing) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST = 1000;

    /** Every second, three in a row, 60 s to start, not under a debugger, nobody for accepting no connections. */
    public static final HeartbeatPolicy DEFAULT = new HeartbeatPolicy(Duration.ofSeconds(1), 3, Duration.ofSeconds(60),
            false, Duration.ZERO);
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
        requireNonNull(notServing, "notServing");
        if (!notServing.isZero() && notServing.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("the time in which a server must accept a connection is " + notServing
                    + "; it must be 1 ms or more, or 0 for no limit");
        }
    }

    /** The default with another interval. */
    public static HeartbeatPolicy every(Duration interval) {
        return DEFAULT.withInterval(interval);
    }

    /** Replaces the interval. */
    public HeartbeatPolicy withInterval(Duration interval) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Replaces the number of looks. */
    public HeartbeatPolicy withMissed(int missed) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Replaces the start deadline. */
    public HeartbeatPolicy withStartDeadline(Duration startDeadline) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Replaces whether verdicts are passed in a JVM that a debugger may attach to. */
    public HeartbeatPolicy withUnderDebugger(boolean underDebugger) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Replaces the time for which a server may leave a connection waiting; 0 for ever. */
    public HeartbeatPolicy withNotServing(Duration notServing) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Whether anybody looks. */
    public boolean isOn() {
        return !interval.isZero();
    }
}
