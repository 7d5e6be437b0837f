package dev.corral.watchdog;

import dev.corral.Autopsy.Verdict;
import java.time.Duration;
import java.util.Optional;

/**
 * For how long something has not moved.
 *
 * @param missed looks in a row, 1 and up
 * @param length since it moved last, as far as was seen
 * @param cpuBurnt in that time
 * @param verdict empty while it is not long enough
 */
public record Silence(int missed, Duration length, Duration cpuBurnt, Optional<Verdict> verdict) {
    /** The same without a verdict. */
    Silence acquitted() {
        return new Silence(missed, length, cpuBurnt, Optional.empty());
    }

    /** The same with this verdict. */
    public Silence condemned(Verdict verdict) {
        return new Silence(missed, length, cpuBurnt, Optional.of(verdict));
    }

    /** Whether it is worse than the other one: condemned, or longer. */
    public boolean isWorseThan(Silence other) {
        return verdict.isPresent() != other.verdict.isPresent() ? verdict.isPresent() : missed > other.missed;
    }
}
