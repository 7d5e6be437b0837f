package dev.corral.watchdog;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.Autopsy.Verdict;
import dev.corral.HeartbeatPolicy;
import java.time.Duration;
import java.util.Optional;

/** Decides when a silence is long enough, under one policy. */
final class Rules {
    /**
     * The share of {@code interval * missed} that a spinning thread must have run: about what it gets on an idle
     * machine. A thread that ran less may be starved rather than spinning, and gets more time.
     */
    private static final double BURNT = 0.8;

    /**
     * The CPU time for which loading classes excuses a thread that does nothing else. A program can define new classes
     * for ever.
     */
    private static final long LOADING_NANOS = Duration.ofMinutes(1).toNanos();

    private final int missed;
    private final long burntNanos;
    /** 0 if there is no verdict about a port. */
    private final long notServingNanos;

    Rules(HeartbeatPolicy policy) {
        missed = policy.missed();
        notServingNanos = NANOSECONDS.convert(policy.notServing());
        burntNanos = (long) (policy.interval().toNanos() * (double) policy.missed() * BURNT);
    }

    /**
     * Returns whether loading classes excuses a thread.
     *
     * @param burntNanos the CPU time that the thread has used since it made any other progress
     */
    static boolean excusesLoading(long burntNanos) {
        return burntNanos < LOADING_NANOS;
    }

    /** Judges a thread that uses CPU time. */
    Silence spinning(int missed, long nanos, long burntNanos) {
        boolean guilty = missed >= this.missed && burntNanos >= this.burntNanos;
        return silence(missed, nanos, burntNanos, guilty ? Optional.of(Verdict.SPINNING) : Optional.empty());
    }

    /** Judges a carrier that cannot be replaced; it gets twice the time. */
    Silence stuck(int missed, long nanos, long burntNanos) {
        boolean guilty = missed >= 2 * this.missed;
        return silence(missed, nanos, burntNanos, guilty ? Optional.of(Verdict.STUCK) : Optional.empty());
    }

    /** Judges a port. Missed checks are counted only up to the number in the policy; more of them mean nothing new. */
    Silence notServing(int missed, long nanos) {
        boolean guilty = notServingNanos > 0 && missed >= this.missed && nanos >= notServingNanos;
        return silence(Math.min(missed, this.missed), nanos, 0,
                guilty ? Optional.of(Verdict.NOT_SERVING) : Optional.empty());
    }

    private static Silence silence(int missed, long nanos, long burntNanos, Optional<Verdict> verdict) {
        return new Silence(missed, Duration.ofNanos(nanos), Duration.ofNanos(burntNanos), verdict);
    }
}
