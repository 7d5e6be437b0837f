package dev.corral.supervision;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.Backoff;
import dev.corral.ExitReason;
import dev.corral.RestartPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.DoubleSupplier;

/**
 * The restarts of one slot, and the decision of its policy about the next exit. There are two counts, and either one
 * can make the slot give up:
 *
 * <ul>
 * <li>the restarts within the period of the policy. As in OTP's {@code supervisor:add_restart}, the times within the
 * period are kept, the new one is added, and their number is compared;
 * <li>the failed starts in a row. A worker that fails before the start deadline has passed counts as one, whatever the
 * period is. Therefore a slot whose program always dies after 40 s gives up too, although there are never many restarts
 * within two minutes.</ul>
 *
 * <p>A start that failed because the host lacked file descriptors or threads does not count.
 *
 * <p>Not thread-safe.
 */
public final class RestartHistory {
    private final RestartPolicy policy;
    private final DoubleSupplier random;
    /** The times of restarts, oldest first; none is older than the period. */
    private final Deque<Long> restartsNanos = new ArrayDeque<>();
    /** The number of restarts, delayed or not, since the last healthy worker. */
    private int inARow;
    private final Duration startDeadline;
    /** The number of failed starts since the last worker that lived for as long as the start deadline. */
    private int failedStarts;
    /** When the first of these was forked. */
    private long firstFailedNanos;

    /**
     * Creates a history without restarts and without a start deadline: failed starts are not counted.
     *
     * @param random returns values from 0 to 1, for the jitter
     */
    public RestartHistory(RestartPolicy policy, DoubleSupplier random) {
        this(policy, Duration.ZERO, random);
    }

    /**
     * Creates a history without restarts.
     *
     * @param startDeadline a worker that fails before it has lived for this long is a failed start
     * @param random returns values from 0 to 1, for the jitter
     */
    public RestartHistory(RestartPolicy policy, Duration startDeadline, DoubleSupplier random) {
        this.policy = policy;
        this.startDeadline = startDeadline;
        this.random = random;
    }

    /** What follows an exit. */
    public sealed interface Decision {
        /** A new worker is forked after this delay. */
        record Restart(Duration after) implements Decision {}

        /** The slot closes: the policy does not restart after such an exit. */
        record Close() implements Decision {}

        /**
         * The slot stays down.
         *
         * @param restarts the number of restarts that did not help
         * @param within the time in which they happened: the period of the policy, or the time since the first failed
         *        start
         */
        record GiveUp(int restarts, Duration within) implements Decision {}
    }

    /**
     * Decides what follows an exit, and counts a restart.
     *
     * @param code the exit code of the worker
     * @param uptime how long the worker lived
     * @param nowNanos the time of the exit; never earlier than in a previous call
     */
    public Decision onExit(ExitReason reason, int code, Duration uptime, long nowNanos) {
        if (!restarts(reason, code)) {
            return new Decision.Close();
        }
        long withinNanos = NANOSECONDS.convert(policy.within());
        while (!restartsNanos.isEmpty() && nowNanos - restartsNanos.getFirst() >= withinNanos) {
            restartsNanos.removeFirst();
        }
        countStart(reason, uptime, nowNanos);
        if (restartsNanos.size() >= policy.maxRestarts()) {
            return new Decision.GiveUp(restartsNanos.size(), policy.within());
        }
        if (failedStarts > policy.maxRestarts()) {
            return new Decision.GiveUp(failedStarts - 1, Duration.ofNanos(nowNanos - firstFailedNanos));
        }
        restartsNanos.addLast(nowNanos);
        if (uptime.compareTo(policy.backoff().healthy()) >= 0) {
            inARow = 0;
        }
        return new Decision.Restart(delay(inARow++));
    }

    /**
     * Decides what follows a start that failed because the host lacked file descriptors or threads. It is tried again
     * as often as necessary: such a failure counts neither as a restart nor as a failed start. The delays grow as after
     * other failures.
     *
     * @param code the exit code of the worker
     */
    public Decision onShortage(ExitReason reason, int code) {
        return restarts(reason, code) ? new Decision.Restart(delay(inARow++)) : new Decision.Close();
    }

    private void countStart(ExitReason reason, Duration uptime, long nowNanos) {
        if (uptime.compareTo(startDeadline) >= 0) {
            failedStarts = 0;
        } else if (isFailure(reason)) {
            firstFailedNanos = failedStarts == 0 ? nowNanos - uptime.toNanos() : firstFailedNanos;
            failedStarts++;
        }
    }

    /**
     * Returns whether such an end means that the program could not start: it was neither requested nor a success, nor
     * caused by the heap.
     */
    private static boolean isFailure(ExitReason reason) {
        return switch (reason) {
            case ExitReason.Completed(int code) -> code != 0;
            case ExitReason.Crashed _,ExitReason.Zombie _,ExitReason.OverThreads _ -> true;
            case ExitReason.Killed _,ExitReason.OverMemory _,ExitReason.OnRequest _,ExitReason.Replaced _ -> false;
        };
    }

    private boolean restarts(ExitReason reason, int code) {
        // a worker that was killed for its memory or its threads did not choose its exit code
        boolean isOwnCode = !(reason instanceof ExitReason.OverMemory || reason instanceof ExitReason.OverThreads);
        if (reason.voluntary() || (isOwnCode && policy.stopCodes().contains(code))) {
            return false;
        }
        return switch (policy.when()) {
            case ALWAYS -> true;
            case ON_FAILURE -> !(reason instanceof ExitReason.Completed && code == 0);
            case NEVER -> false;
        };
    }

    private Duration delay(int restartsBefore) {
        Backoff backoff = policy.backoff();
        if (backoff.firstAtOnce() && restartsBefore == 0) {
            return Duration.ZERO;
        }
        int steps = backoff.firstAtOnce() ? restartsBefore - 1 : restartsBefore;
        double grown = NANOSECONDS.convert(backoff.base()) * Math.pow(backoff.factor(), steps);
        double nanos = Math.min(grown, (double) NANOSECONDS.convert(backoff.max()));
        double jitter = 1 + backoff.jitter() * (2 * random.getAsDouble() - 1);
        return Duration.ofNanos((long) (nanos * jitter));
    }
}
