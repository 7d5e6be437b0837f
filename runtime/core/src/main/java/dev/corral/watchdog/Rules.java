package dev.corral.watchdog;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.Autopsy.Verdict;
import dev.corral.HeartbeatPolicy;
import java.time.Duration;
import java.util.Optional;

/** When silence is long enough, under one policy. */
final class Rules {
    /**
     * Share of {@code interval * missed} that must have been burnt: about what a thread that spins gets on an idle machine. One that has
     * got less is starved rather than spinning, and is given the time to prove which.
     */
    private static final double BURNT = 0.8;

    /** CPU that a thread may burn for no other reason than that it loads classes. A program can define new ones for ever. */
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

    /** Whether classes that are loaded excuse what was burnt since the thread has moved in any other way. */
    static boolean excusesLoading(long burntNanos) {
        return burntNanos < LOADING_NANOS;
    }

    /** Of a thread that burns CPU. */
    Silence spinning(int missed, long nanos, long burntNanos) {
        boolean guilty = missed >= this.missed && burntNanos >= this.burntNanos;
        return silence(missed, nanos, burntNanos, guilty ? Optional.of(Verdict.SPINNING) : Optional.empty());
    }

    /** Of a carrier that nothing helps; it is given twice the time. */
    Silence stuck(int missed, long nanos, long burntNanos) {
        boolean guilty = missed >= 2 * this.missed;
        return silence(missed, nanos, burntNanos, guilty ? Optional.of(Verdict.STUCK) : Optional.empty());
    }

    /** Of a port. Looks are counted up to what is asked for: more of them say nothing new. */
    Silence notServing(int missed, long nanos) {
        boolean guilty = notServingNanos > 0 && missed >= this.missed && nanos >= notServingNanos;
        return silence(Math.min(missed, this.missed), nanos, 0,
                guilty ? Optional.of(Verdict.NOT_SERVING) : Optional.empty());
    }

    private static Silence silence(int missed, long nanos, long burntNanos, Optional<Verdict> verdict) {
        return new Silence(missed, Duration.ofNanos(nanos), Duration.ofNanos(burntNanos), verdict);
    }
}
