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
 * The restarts of one slot, and what its policy says to the next exit. After OTP's {@code supervisor:add_restart}: keep the
 * times that lie within the period, count the new one in, compare. Not thread-safe.
 */
public final class RestartHistory {
    private final RestartPolicy policy;
    private final DoubleSupplier random;
    /** When restarts were decided, oldest first; none is older than the period. */
    private final Deque<Long> restartsNanos = new ArrayDeque<>();
    /** Delayed or not, since the last healthy run. */
    private int inARow;

    /**
     * Without any restart yet.
     *
     * @param random from 0 to 1, for the jitter
     */
    public RestartHistory(RestartPolicy policy, DoubleSupplier random) {
        this.policy = policy;
        this.random = random;
    }

    /** What follows an exit. */
    public sealed interface Decision {
        /** A fresh worker, after this delay. */
        record Restart(Duration after) implements Decision {}

        /** The slot closes: the policy does not restart such an exit. */
        record Close() implements Decision {}

        /** The slot stays down: so many restarts have been within the period. */
        record GiveUp(int restarts) implements Decision {}
    }

    /**
     * Decides, and remembers a restart.
     *
     * @param code exit code of the worker
     * @param uptime how long it lived
     * @param nowNanos the time of the exit; never before that of an earlier call
     */
    public Decision onExit(ExitReason reason, int code, Duration uptime, long nowNanos) {
        if (!restarts(reason, code)) {
            return new Decision.Close();
        }
        long withinNanos = NANOSECONDS.convert(policy.within());
        while (!restartsNanos.isEmpty() && nowNanos - restartsNanos.getFirst() >= withinNanos) {
            restartsNanos.removeFirst();
        }
        if (restartsNanos.size() >= policy.maxRestarts()) {
            return new Decision.GiveUp(restartsNanos.size());
        }
        restartsNanos.addLast(nowNanos);
        if (uptime.compareTo(policy.backoff().healthy()) >= 0) {
            inARow = 0;
        }
        return new Decision.Restart(delay(inARow++));
    }

    private boolean restarts(ExitReason reason, int code) {
        // else it had not come to an end of its own
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
