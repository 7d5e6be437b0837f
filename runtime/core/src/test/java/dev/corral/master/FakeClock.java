package dev.corral.master;

import java.time.Duration;
import java.time.Instant;

/** Stands until it is told to go on. */
final class FakeClock implements MasterClock {
    private volatile long nanos = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos(); // so that overflow is met on the way

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    synchronized void advance(Duration by) {
        nanos += by.toNanos();
    }
}
