package dev.corral.watchdog;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.corral.Autopsy.Verdict;
import dev.corral.HeartbeatPolicy;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rounds of a watchdog that checks every 100 ms, and the readings that all monitors have in common. */
abstract class MonitorFixture {
    static final long MILLI = 1_000_000;
    static final long INTERVAL = 100 * MILLI;
    static final HeartbeatPolicy POLICY = HeartbeatPolicy.every(Duration.ofMillis(100)).withMissed(3);

    long nowNanos = Long.MAX_VALUE - 250 * MILLI; // soon overflows
    boolean counts = true;
    long stopped;

    Round next() {
        nowNanos += INTERVAL;
        return new Round(nowNanos, INTERVAL - stopped, counts);
    }

    long cpu;
    boolean loads;

    static Silence silence(int missed, long millis, long burntMillis, @Nullable Verdict verdict) {
        return new Silence(missed, Duration.ofMillis(millis), Duration.ofMillis(burntMillis),
                Optional.ofNullable(verdict));
    }

    static int missedOf(@Nullable Silence silence) {
        assertNotNull(silence);
        return silence.missed();
    }

    static Optional<Verdict> verdictOf(@Nullable Silence silence) {
        assertNotNull(silence);
        return silence.verdict();
    }
}
