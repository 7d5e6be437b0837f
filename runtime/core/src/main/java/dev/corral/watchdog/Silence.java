package dev.corral.watchdog;

import dev.corral.Autopsy.Verdict;
import java.time.Duration;
import java.util.Optional;

/**
 * A time in which something made no progress.
 *
 * @param missed the checks missed in a row; 1 and up
 * @param length the time since the last progress that was seen
 * @param cpuBurnt the CPU time used in that time
 * @param verdict empty while it is not long enough
 */
public record Silence(int missed, Duration length, Duration cpuBurnt, Optional<Verdict> verdict) {
    /** Returns a copy without a verdict. */
    Silence acquitted() {
        return new Silence(missed, length, cpuBurnt, Optional.empty());
    }

    /** Returns a copy with a verdict. */
    public Silence condemned(Verdict verdict) {
        return new Silence(missed, length, cpuBurnt, Optional.of(verdict));
    }

    /** Returns whether it is worse than another one: it has a verdict and the other has none, or it is longer. */
    public boolean isWorseThan(Silence other) {
        return verdict.isPresent() != other.verdict.isPresent() ? verdict.isPresent() : missed > other.missed;
    }
}
